"""Packs: frameworks as data. Files come in, are checked whole, and become one entry; what is
recorded goes out again as the same files."""
