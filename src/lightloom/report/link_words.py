"""Words that a link is told in, on its own page and in the report of a study."""

from lightloom.report.reading import Run

_WAY = (
    ("connectors", "connector", "connectors"),
    ("circuit_switch_passes", "pass through a circuit switch", "passes through circuit switches"),
)


def on_the_way(run: Run, *path: str | int) -> list[str]:
    """Return what lies between the ends of the link told at that path: connectors, then passes, where there are any."""
    counts = ((run.number(*path, key), one, many) for key, one, many in _WAY)
    return [f"{count:g} {one if count == 1 else many}" for count, one, many in counts if count]
