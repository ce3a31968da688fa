"""Frameworks: objectives, programmes, indicators, codelists, and who owes what when."""
