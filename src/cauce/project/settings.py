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
        # A connection costs more than most questions; one that was cut is noticed and replaced.
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
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

# Where the public finds the site, for addresses in what is issued and taken away: https://…
CAUCE_ADDRESS = os.environ.get("CAUCE_ADDRESS", "").rstrip("/")

# Who answers for this site, and where they can be reached: an e-mail address or https://…
CAUCE_RESPONSIBLE = os.environ.get("CAUCE_RESPONSIBLE", "").strip()
CAUCE_CONTACT = os.environ.get("CAUCE_CONTACT", "").strip()

INSTALLED_APPS = [
    "cauce.journal",
    "cauce.parties",
    "cauce.frameworks",
    "cauce.ledger",
    "cauce.web",
    "cauce.api",
]
ROOT_URLCONF = "cauce.project.urls"
WSGI_APPLICATION = "cauce.project.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# No sessions, no cookies, no forms that write: nothing here needs a token.
MIDDLEWARE = [
    "cauce.project.requests.RequestLog",
    "cauce.project.headers.PolicyHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.common.CommonMiddleware",
    "cauce.web.errors.RefusalPages",
    "cauce.api.errors.ErrorAnswers",
    "cauce.project.limits.RequestLimits",
    "cauce.project.requests.FailureLog",
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

# A stylesheet and a script of our own, forms that ask our own pages; nothing inline, no frame, no
# other host.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
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

# Only where a web server with TLS stands before: then its word counts on how a visitor came, and
# browsers may be told to come no other way.
if os.environ.get("CAUCE_PROXY", "") == "1":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = int(os.environ.get("CAUCE_HSTS", "0"))

# A question is a few hundred bytes, two hundred of them fit well. Nobody sends a file here.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
FILE_UPLOAD_HANDLERS: list[str] = []

# One line of JSON for each request. Django's own lines are left out: they repeat addresses.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "cauce.project.log_lines.JsonLine"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "json"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    "loggers": {
        "cauce": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "django.request": {"handlers": ["nowhere"], "propagate": False},
        "django.security": {"handlers": ["nowhere"], "propagate": False},
    },
}
