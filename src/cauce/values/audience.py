"""For whom a figure is asked, and who may see a record."""

from __future__ import annotations

from dataclasses import dataclass

from cauce.errors import CauceError

__all__ = ["PUBLIC", "SECRETARIAT", "Audience"]

_LEVELS = ("public", "members", "owner", "secretariat")


@dataclass(frozen=True, slots=True, order=True)
class Audience:
    """``public``, ``members``, ``owner:pack/ORG`` (what that organisation reported itself, beside
    what members see) or ``secretariat`` (everything).

    An embargoed record is seen before its time only by its owner and the secretariat.
    Raises ``bad_audience``.
    """

    level: str = "public"
    organisation: str = ""

    def __post_init__(self) -> None:
        if self.level not in _LEVELS or (self.level == "owner") != bool(self.organisation):
            raise CauceError("bad_audience", text=self.text)

    @classmethod
    def parse(cls, text: str) -> Audience:
        level, _, organisation = text.partition(":")
        return cls(level, organisation)

    @property
    def text(self) -> str:
        return f"{self.level}:{self.organisation}" if self.organisation else self.level

    def sees(self, audience: str, owner: str, *, embargoed: bool) -> bool:
        """Whether a record of this ``audience``, stated by ``owner``, is visible."""
        if self.level == "secretariat" or (self.organisation and self.organisation == owner):
            return True
        if embargoed:
            return False
        return audience == "public" or (audience == "members" and self.level != "public")

    def __str__(self) -> str:
        return self.text


PUBLIC = Audience()
SECRETARIAT = Audience("secretariat")
