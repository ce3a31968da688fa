"""The journal: every write is one sealed entry, nothing is updated or deleted."""
