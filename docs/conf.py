"""How the documentation is built: Sphinx, Furo and Markdown, without any other host."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

# The reference is written from the code, which reads its settings; no workspace is opened.
os.environ["DJANGO_SETTINGS_MODULE"] = "cauce.project.settings"
os.environ["CAUCE_DIR"] = str(Path(tempfile.gettempdir()) / "cauce-docs")
os.environ["DATABASE_URL"] = ""

import django  # noqa: E402

django.setup()

import cauce  # noqa: E402

project = "Cauce"
author = "The Cauce authors"
copyright = "2026, The Cauce authors"
version = release = cauce.__version__
language = "en"

extensions = ["myst_parser", "docs._ext.reference"]
myst_enable_extensions = ["colon_fence", "deflist"]
# So that a page can link to a heading of another.
myst_heading_anchors = 4
exclude_patterns = ["_build", "_ext"]
nitpicky = True
# Typographic quotes, but no dashes: `--help` is typed with two hyphens.
smartquotes_action = "q"

html_theme = "furo"
html_title = f"Cauce {version}"
html_static_path = ["_static"]
html_show_sphinx = False
html_copy_source = False
# No address of another host: the pages also open from a disk.
html_theme_options: dict[str, object] = {"top_of_page_buttons": []}
