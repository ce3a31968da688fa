"""The command line: parse, ask one query or call one action, print."""
