"""The command line: one file per verb, each two lines of the Python interface and a table."""
