"""Pure engines: no Django, clock, I/O or global random of their own; none imports another."""
