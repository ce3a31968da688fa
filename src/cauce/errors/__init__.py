"""What went wrong, as a code with parameters; the words live in the message catalogues.

Every refusal of Cauce is a :class:`CauceError`. A door (command line, page) finds the words for
``error.<code>`` in the reader's language and answers with ``http_status`` or ``exit_code``.
This module must never hold text for people.
"""

from __future__ import annotations

from cauce.errors.codes import CODES, CodeSpec
from cauce.errors.problem import CauceError, Place, Problem, Refusal, raise_if

__all__ = ["CODES", "CauceError", "CodeSpec", "Place", "Problem", "Refusal", "raise_if"]
