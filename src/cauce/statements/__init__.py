"""Fact sheets: texts in several languages whose every number and date is a figure.

A template is checked (nothing typed), built (asked, put into words, rendered) and issued (kept as
bytes for ever). On the screen a statement is always called a fact sheet.
"""
