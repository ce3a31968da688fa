"""Values: what crosses between rooms. Frozen, validating, without clock, database or words."""
