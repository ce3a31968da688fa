"""The Django app of the frameworks room."""

from __future__ import annotations

from django.apps import AppConfig

__all__ = ["FrameworksConfig"]


class FrameworksConfig(AppConfig):
    name = "cauce.frameworks"
    label = "frameworks"
    default_auto_field = "django.db.models.BigAutoField"
