"""The unit of a number of the answer, read from its key: ``bytes_per_s_per_accelerator`` is B/s/accelerator."""

from collections.abc import Mapping, Sequence

_SYMBOLS: Mapping[str, str] = {
    "s": "s", "days": "d", "w": "W", "watts": "W", "usd": "USD", "bytes": "B", "m": "m", "db": "dB", "fit": "FIT",
    "tokens": "token", "flops": "FLOP", "joules": "J", "kg": "kg",
}  # fmt: skip
_RATES: Mapping[str, str] = {"s": "s", "hour": "h", "million_tokens": "10^6 token"}

_UNSAID: Mapping[tuple[str, ...], str] = {
    ("memory", "stages", "parts"): "B",
    ("energy", "of_which"): "J/token",
    ("power", "rows", "low"): "W",
    ("power", "rows", "high"): "W",
    ("cost", "tornado", "usd_at_low"): "USD/10^6 token",
    ("cost", "tornado", "usd_at_high"): "USD/10^6 token",
    ("cost", "rows", "low"): "USD",
    ("cost", "rows", "high"): "USD",
}
"""Places whose keys leave the unit to what stands around them."""


def unit(keys: Sequence[str]) -> str:
    """Return the unit of a number; empty for counts, ratios and names.

    The innermost key that holds a unit decides: ``exposed_s.tensor`` is in seconds.

    Args:
        keys: From the outermost to the number's own; places in lists left out.
    """
    for place, symbol in _UNSAID.items():
        if tuple(keys[: len(place)]) == place:
            return symbol
    return next((found for key in reversed(keys) if (found := _of(key))), "")


def _of(key: str) -> str:
    head, *rates = key.split("_per_")
    symbol = next((_SYMBOLS[word] for word in head.split("_") if word in _SYMBOLS), "")
    return "/".join([symbol, *(_RATES.get(rate, rate) for rate in rates)]) if symbol else ""
