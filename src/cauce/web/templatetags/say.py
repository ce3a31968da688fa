"""How does a template say something? ``{% say "page.home" %}``: text lives in the catalogues."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from cauce.words import text
from cauce.words.foreign import html

__all__ = ["register", "say", "words"]

register = template.Library()


@register.simple_tag(takes_context=True)
def say(context: dict[str, Any], key: str, **params: object) -> SafeString:
    """The words for a key in the page's language, escaped."""
    return words(text(key, context["language"], **params))


@register.filter
def words(value: str) -> SafeString:
    """Words as HTML: escaped, names in another language marked with it."""
    return mark_safe(html(value))  # noqa: S308 - `html` escapes everything
