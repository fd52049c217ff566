"""How people write product names: capitals, blanks, the words of a standard, the class of a device behind its name."""

from functools import cache

from lightloom.catalog import loading

_CLASSES = ("-ocs", "-switch")
"""Words people add to a circuit switch's name."""


def shipped_name(folder: str, written: str) -> str:
    """Return the name of the file that a spelling means; the spelling itself where it means none.

    ``800G-DR8``, ``800g dr8`` and ``800GBASE-DR8`` are ``800g-dr8``; ``palomar-ocs`` is ``palomar``. A name that is
    spelled exactly always wins.
    """
    known = _known(folder)
    if written in known.values():
        return written
    return known.get(_folded(written), written)


@cache
def _known(folder: str) -> dict[str, str]:
    return {_folded(name): name for name in reversed(loading.names(folder))}


def _folded(written: str) -> str:
    folded = "-".join(written.casefold().replace("_", " ").replace("-", " ").split())
    folded = folded.replace("gbase-", "g-").replace("tbase-", "t-")
    for word in _CLASSES:
        folded = folded.removesuffix(word)
    return folded
