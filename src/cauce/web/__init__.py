"""The pages: parse, ask, render."""
