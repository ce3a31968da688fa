"""Django settings, read from the environment and the workspace folder.

``CAUCE_DIR`` names the workspace (default ``./cauce-data``): the SQLite file, issued files and the
secret key (mode 0600). ``DATABASE_URL`` (``postgresql://…``) puts the record into PostgreSQL.
Nothing here creates a workspace: that is ``cauce migrate`` or ``cauce demo``.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

PACKAGE = Path(__file__).resolve().parent.parent
CAUCE_DIR = Path(os.environ.get("CAUCE_DIR", "cauce-data")).absolute()


def _secret_key() -> str:
    """From the environment, else from the workspace's 0600 file; a fresh one without either, so
    that commands that sign nothing (help, docs) need no workspace."""
    if key := os.environ.get("CAUCE_SECRET_KEY"):
        return key
    try:
        return (CAUCE_DIR / "secret-key").read_text().strip()
    except OSError:
        return secrets.token_urlsafe(50)


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": query,
    }


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {
            # A writer takes the lock when it begins, so it waits (20 s) instead of failing when
            # two transactions want to upgrade; guards rely on recursive_triggers against REPLACE.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON;"
            ),
        },
    }


DATABASE_URL = os.environ.get("DATABASE_URL", "")
DATABASES = {
    "default": _postgresql(DATABASE_URL) if DATABASE_URL else _sqlite(CAUCE_DIR / "cauce.sqlite3")
}

SECRET_KEY = _secret_key()
DEBUG = False
ALLOWED_HOSTS = os.environ.get("CAUCE_HOSTS", "127.0.0.1,localhost,[::1]").split(",")

INSTALLED_APPS = [
    "cauce.journal",
    "cauce.parties",
    "cauce.frameworks",
    "cauce.ledger",
    "cauce.web",
]
ROOT_URLCONF = "cauce.project.urls"
WSGI_APPLICATION = "cauce.project.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# No sessions, no cookies, no forms that write: nothing here needs a token.
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "cauce.web.errors.RefusalPages",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": []},
    }
]

LANGUAGE_CODE = "es"
LANGUAGES = [("es", "Español"), ("en", "English"), ("fr", "Français")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
# Served from the package itself: there is one stylesheet and nothing to collect. Its address
# carries its digest, so a browser may keep it for a year.
STATIC_ROOT = PACKAGE / "web" / "static"
WHITENOISE_MAX_AGE = 365 * 24 * 3600

# One stylesheet of our own, forms that ask our own pages; no script, no frame, no other host.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
