"""What the levels and switches of a fabric beside the main one are called: its name, a slash, and their own name."""


def labelled(fabric: str, name: str) -> str:
    """Return the name of a level or a kind of switch within a fabric.

    >>> labelled("experts", "leaf"), labelled("", "leaf")
    ('experts/leaf', 'leaf')
    """
    return f"{fabric}/{name}" if fabric else name


def plain(name: str) -> str:
    """Return the same without the fabric.

    >>> plain("experts/leaf"), plain("leaf")
    ('leaf', 'leaf')
    """
    return name.rpartition("/")[2]


def fabric_of(name: str) -> str:
    """Return the fabric of a level or a kind of switch; empty for the main one, and where there is no other.

    >>> fabric_of("experts/leaf"), fabric_of("leaf")
    ('experts', '')
    """
    return name.rpartition("/")[0]
