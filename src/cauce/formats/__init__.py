"""Formats: files that others read and write. Pure: a stream goes in or out, nothing else."""
