"""Which words of a text are numbers that somebody typed?

A fact sheet may hold no typed number, in digits or in letters. The lists are per language and
err on the side of finding: whoever needs «terceros países» declares it among the literals.
What is *not* found, and why:

* Spanish «un, una» and French «un, une» are articles; «uno», «one» only outside idioms such as
  «cada uno», «one another».
* «primero», «first», «premier» and their forms order more often than they count.
* «por ciento», «pour cent» stand beside a figure and say nothing alone.
* French «tiers» is a third party («pays tiers») more often than a third.
* «Duplicado», which in this field is somebody counted twice, not a doubling.
* Roman numerals, because «CC», «MIX» or «I» are not told apart from them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

__all__ = ["number_words", "numeric_characters"]

# Written without accents: the text is compared without them, so that «millon» is found as well.
_ES = r"""
cero dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince
dieci\w+ veinte veinti\w+ treinta cuarenta cincuenta sesenta setenta ochenta noventa
cien ciento cientos \w+cient[oa]s quinient[oa]s setecient[oa]s novecient[oa]s
mil miles millar(?:es)? millon(?:es)? billon(?:es)? trillon(?:es)?
decenas? docenas? centenas? centenar(?:es)? veintenas?
segund[oa]s? tercer|tercer[oa]s? cuart[oa]s? quint[oa]s? sext[oa]s? septim[oa]s? octav[oa]s?
noven[oa]s? decim[oa]s? undecim[oa]s? duodecim[oa]s? vigesim[oa]s? centesim[oa]s? milesim[oa]s?
mitad(?:es)? tercios? dobles? triples? cuadruples? quintuples?
duplic(?:ar|a|an|o|aron|ara|aba) (?:triplic|cuadruplic|quintuplic|decuplic)\w+
"""
_EN = r"""
zero two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen twenty thirty forty fourty fifty sixty seventy eighty ninety
hundreds? thousands? millions? billions? trillions? dozens?
seconds? thirds? fourths? fifths? sixths? sevenths? eighths? ninths? tenths? eleventh twelfth
\w+teenth \w+tieths? hundredths? thousandths? millionths? quarters?
half halves halved double[ds]? doubling twice thrice triple[ds]? tripling quadruple[ds]?
quadrupling quintupled? (?:two|three|four|five|six|ten|hundred)fold
"""
_FR = r"""
zero deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize
vingts? trente quarante cinquante soixante septante huitante octante nonante
cents? mille milliers? millions? milliards? billions? trillions?
dizaines? douzaines? quinzaines? vingtaines? trentaines? centaines?
second(?:e?s?) deuxiemes? troisiemes? quatriemes? cinquiemes? sixiemes? septiemes? huitiemes?
neuviemes? dixiemes? onziemes? douziemes? \w+tiemes? \w+zieme centiemes? milliemes?
moities? quarts? demi(?:e?s?) doubles? triples? quadruples? quintuples?
(?:doubl|tripl|quadrupl|quintupl|decupl)(?:er|e|es|ent|ee|ees|ant|a|erent)
"""
_IDIOMS = {
    "es": r"por\s+ciento|cada\s+uno|uno\s+a\s+uno|uno\s+(?:de|y|u)\b",
    "en": r"no\s+one|one\s+(?:another|of)\b|(?:each|this|that|which|every)\s+one|one[’']s",
    "fr": r"pour\s+cent",
}
_ALONE = {"es": ["uno"], "en": ["one"], "fr": []}


def _pattern(language: str, words: str) -> re.Pattern[str]:
    idioms = _IDIOMS[language]
    listed = "|".join([*words.split(), *_ALONE[language]])
    # An idiom is matched first, and so its number word is not met again.
    return re.compile(rf"\b(?:(?:{idioms})|(?P<word>{listed}))\b", re.IGNORECASE)


_WORDS = {
    language: _pattern(language, words)
    for language, words in (("es", _ES), ("en", _EN), ("fr", _FR))
}


def number_words(text: str, language: str) -> Iterator[tuple[int, str]]:
    """Each number word of a text with its place in it.

    >>> list(number_words("Casi dos mil personas, cada uno", "es"))
    [(5, 'dos'), (9, 'mil')]
    >>> list(number_words("eight hundred per cent", "en"))
    [(0, 'eight'), (6, 'hundred')]
    """
    for match in _WORDS[language].finditer(_without_accents(text)):
        if match["word"]:
            yield match.start(), text[match.start() : match.end()]


def numeric_characters(text: str) -> Iterator[tuple[int, str]]:
    """Each run of digits, with the signs inside it, and its place: «1,5», «40k», «½».

    >>> list(numeric_characters("más de 40,000, y ½"))
    [(7, '40,000'), (17, '½')]
    """
    for match in re.finditer(r"\S+", text):
        run = match.group()
        places = [i for i, sign in enumerate(run) if _is_numeric(sign)]
        if places:
            yield match.start() + places[0], run[places[0] : places[-1] + 1]


def _is_numeric(sign: str) -> bool:
    # Also ½, ² and digits of other scripts.
    return unicodedata.numeric(sign, None) is not None


def _without_accents(text: str) -> str:
    """The text with plain letters, sign by sign, so that places stay the same."""
    return "".join((unicodedata.normalize("NFD", sign) or sign)[0] for sign in text)
