"""The mark by which a report is known for one: lightloom writes over no other file."""

MARK = '<meta name="generator" content="lightloom">'
WITHIN = 512
"""Bytes from the start of a page that hold the mark."""


def is_report(start: bytes) -> bool:
    """Whether a file that begins so is a report; a file without content is nobody's."""
    return not start or MARK.encode() in start[:WITHIN]
