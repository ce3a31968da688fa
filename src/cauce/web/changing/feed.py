"""How does a reader of feeds follow the changes? An Atom feed (RFC 4287) of the newest rows."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid5

from django.utils.feedgenerator import Atom1Feed

from cauce.figures.history import Counted, Row, Undone
from cauce.figures.since import Change
from cauce.journal import queries as journal
from cauce.web.changing.contents import PATH, Asked, Line
from cauce.web.page import Page
from cauce.words.foreign import html, plain

__all__ = ["FEED", "TYPE", "feed_bytes"]

FEED = f"{PATH}atom.xml"
TYPE = "application/atom+xml; charset=utf-8"


def feed_bytes(page: Page, given: Asked, lines: list[tuple[Line, Row]]) -> bytes:
    """The feed in the page's language. Ids are made of the workspace's own and of where a row
    stands in the record: they never change, whatever address the site moves to."""
    voice, workspace = page.voice, journal.workspace()
    known = page.known.text if page.known else ""
    asked = {"marco": page.scope, "sabido": known, **given.query}
    name = "&".join(f"{word}={value}" for word, value in sorted(asked.items()))
    feed = Atom1Feed(
        title=plain(voice.say("changes.feed_title", site=voice.say("page.site"))),
        link=page.absolute(page.link(PATH, **given.query)),
        description=plain(voice.say("changes.lead")),
        subtitle=plain(voice.say("changes.lead")),
        language=page.language,
        author_name=voice.say("page.site"),
        feed_url=page.absolute(page.link(FEED, **given.query)),
        feed_guid=_urn(workspace.origin, f"changes {page.language} {name}"),
        feed_copyright=voice.say("take_away.licence"),
    )
    for line, row in lines:
        feed.add_item(
            title=plain(line.sentence),
            link=page.absolute(line.href),
            description=_summary(page, line),
            unique_id=_urn(workspace.origin, f"{page.language} {_place(row)}"),
            updateddate=row.at,
            pubdate=row.at,
        )
    # Without one the clock would be read: the same record gives the same bytes.
    newest: datetime = max((row.at for _, row in lines), default=workspace.created_at)
    feed.latest_post_date = lambda: newest  # type: ignore[method-assign]
    return feed.writeString("utf-8").encode("utf-8")


def _urn(origin: UUID, name: str) -> str:
    return uuid5(origin, name).urn


def _place(row: Row) -> str:
    match row:
        case Change():
            return f"record {row.place}"
        case Undone():
            return f"annulled {row.seq} {row.target} {row.whole}"
        case Counted():
            return f"entry {row.seq} {row.at.isoformat()}"


def _summary(page: Page, line: Line) -> str:
    """The sentence with its day and reason, as HTML: words in another language keep their mark."""
    said = [page.voice.say("take.invented") if line.invented else "", line.sentence]
    if line.published:
        said.append(page.voice.say("changes.published", date=line.published))
    said.append(page.voice.say("changes.entered", date=line.day))
    if line.why:
        said.append(line.why)
    return "".join(f"<p>{html(words)}</p>" for words in said if words)
