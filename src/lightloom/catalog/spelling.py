"""How people write product names: capitals, blanks, the words of a standard, the class of a device behind its name."""

from functools import cache

from lightloom.catalog import loading

_CLASSES = {"circuit-switches": ("-ocs", "-switch")}
"""Words people add to the names of a folder."""


def shipped_name(folder: str, written: str) -> str:
    """Return the name of the file that a spelling means; the spelling itself where it means none.

    ``800G-DR8``, ``800g dr8`` and ``800GBASE-DR8`` are ``800g-dr8``; ``palomar-ocs`` is ``palomar``. A name that is
    spelled exactly always wins, then one that needs no word taken off.
    """
    if written in loading.names(folder):
        return written
    known, folded = _known(folder), _folded(written)
    shorter = (folded.removesuffix(word) for word in _CLASSES.get(folder, ()))
    return next((known[each] for each in (folded, *shorter) if each in known), written)


@cache
def _known(folder: str) -> dict[str, str]:
    return {_folded(name): name for name in reversed(loading.names(folder))}


def _folded(written: str) -> str:
    folded = "-".join(written.casefold().replace("_", " ").replace("-", " ").split())
    return folded.replace("gbase-", "g-").replace("tbase-", "t-")
