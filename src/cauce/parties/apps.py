"""The Django app of the parties room."""

from __future__ import annotations

from django.apps import AppConfig

__all__ = ["PartiesConfig"]


class PartiesConfig(AppConfig):
    name = "cauce.parties"
    label = "parties"
    default_auto_field = "django.db.models.BigAutoField"
