"""The WSGI entry for granian or any other server."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cauce.project.settings")
application = get_wsgi_application()

# After the line above, which loads the rooms. A site must not show what could be altered unnoticed,
# however it was started.
from cauce.journal import readiness  # noqa: E402

readiness.require_ready(guarded=True)
