"""The Django app of the HTTP interface: it has a template, and no table."""

from __future__ import annotations

from django.apps import AppConfig

__all__ = ["ApiConfig"]


class ApiConfig(AppConfig):
    name = "cauce.api"
    label = "api"
