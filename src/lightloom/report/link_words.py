"""Words that a link is told in, on its own page and in the report of a study."""

from lightloom.report import formats
from lightloom.report.reading import Run

_WAY = (
    ("connectors", "connector", "connectors"),
    ("circuit_switch_passes", "pass through a circuit switch", "passes through circuit switches"),
)


def on_the_way(run: Run, *path: str | int) -> list[str]:
    """Return what lies between the ends of the link told at that path: connectors, then passes, where there are any."""
    counts = ((run.number(*path, key), one, many) for key, one, many in _WAY)
    return [f"{count:g} {one if count == 1 else many}" for count, one, many in counts if count]


def warmth(run: Run) -> str:
    """Return how warm the link of the verb ``link`` is, what its ends are specified for, and what that takes.

    Empty where no temperature is stated.
    """
    here = run.number("temperature_c")
    if here is None:
        return ""
    low, high = (run.number("temperature_limits_c", end) for end in ("low", "high"))
    limits = "no range published" if low is None or high is None else f"specified from {low:g} to {high:g} °C"
    lost = run.number("distribution", "temperature_db") or 0.0
    words = "takes nothing of parts as they come"
    if lost:
        words = f"{'takes' if lost > 0.0 else 'gives'} {formats.decibels(abs(lost)).lstrip('+')} of parts as they come"
    return f"{here:g} °C, {limits}; {words}"
