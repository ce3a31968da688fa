"""Pure engines: no Django, no clock, no I/O of their own, no global random; none imports another."""
