"""The Django app of the pages."""

from __future__ import annotations

from django.apps import AppConfig

__all__ = ["WebConfig"]


class WebConfig(AppConfig):
    name = "cauce.web"
    label = "web"
