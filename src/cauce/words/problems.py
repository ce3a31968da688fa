"""What does an error say: what happened, where, and what to do about it?"""

from __future__ import annotations

from cauce.errors import CauceError, Problem, Refusal
from cauce.words.catalogue import text

__all__ = ["error", "fix", "what"]


def error(problem: Problem | CauceError, language: str) -> str:
    """The whole message: the place, what happened, what to do.

    A :class:`Refusal` gives one line for each problem and a last line that says nothing was
    accepted.

    >>> from cauce.errors import Place
    >>> error(Problem("bad_number", {"text": "1,5"}, Place("a.csv", "7", "value")), "en")
    'a.csv:7 value: “1,5” is not a number. Write plain digits with a decimal point and no \
thousands separator: 1234.5.'
    """
    if isinstance(problem, Refusal):
        lines = [error(one, language) for one in problem.problems]
        return "\n".join([*lines, _both(Problem(problem.code, problem.params), language)])
    if isinstance(problem, CauceError):
        (problem,) = problem.problems
    place = str(problem.place)
    return f"{place}: {_both(problem, language)}" if place else _both(problem, language)


def what(problem: Problem, language: str) -> str:
    """What happened, without the place."""
    return text(f"error.{problem.code}", language, **problem.params)


def fix(problem: Problem, language: str) -> str:
    """What to do about it."""
    return text(f"error.{problem.code}.fix", language, **problem.params)


def _both(problem: Problem, language: str) -> str:
    return f"{what(problem, language)} {fix(problem, language)}"
