"""A pod as one HTML file: where slices are, what switches join, what is usable, how long a change takes; no script."""

from collections.abc import Mapping
from typing import Any

from lightloom.report import formats
from lightloom.report.pages import template
from lightloom.report.pod_charts import cubes, outages, shares, slice_legend, switches
from lightloom.report.pod_words import OUTAGE_PARTS, USABLE, cubes_words, pod_words
from lightloom.report.reading import Run, Shown
from lightloom.report.view import Line, Table


def render_pod(answer: Mapping[str, Any], *, command: str = "") -> str:
    """Return the page of one answer of the verb ``pod``; the same answer gives the same bytes.

    Every number on the page that stands in the answer carries its path and its unrounded value, as in a report.

    Args:
        answer: As :meth:`lightloom.study.questions.pod.PodAnswer.to_dict` returns it.
        command: The command that makes this page again; empty leaves it out.
    """
    run = Run(0, answer)
    verdict = run.texts("verdict")
    return template("pod.html").render(
        run=run,
        title=f"A pod: {pod_words(run)}",
        headline=verdict[0],
        sentences=verdict[1:],
        command=command,
        legend_of_slices=slice_legend(run),
        cubes=cubes(run),
        slices=_slices(run) if run.rows("slices") else None,
        switches=switches(run) if run.rows("slices") else [],
        shares=shares(run),
        usable=_usable(run),
        outages=outages(run),
        outage_table=_outage(run),
        counts=_counts(run),
        sources=run.rows("sources"),
        percent=formats.percent,
    )


def _slices(run: Run) -> Table:
    lines: list[Line] = []
    for place, row in enumerate(run.rows("slices")):
        circuits, fixed = row["circuits"], row["fixed"]
        swapped = ", ".join(f"{each['cube']} by {each['by']}" for each in circuits["replaced"])
        cells: list[Shown | str] = [
            run.show(formats.count, "slices", place, "chips"),
            cubes_words(circuits["cubes"]) if circuits["placed"] else "no room left",
            swapped or formats.NONE,
            cubes_words(fixed["cubes"]) if fixed["placed"] else str(fixed["reason"]),
            "yes" if fixed["moved"] else formats.NONE,
        ]
        lines.append(Line(f"{row['slice']} {row['shape']}", cells))
    columns = ["chips", "cubes with circuits", "replaced", "cubes with fixed wiring", "moved as a whole"]
    return Table("Slices, and the cubes they have once hosts have failed", columns, lines=lines)


def _usable(run: Run) -> Table:
    lines = [
        Line(str(row["shape"]), [run.show(formats.percent, "usable", place, *path) for path in USABLE])
        for place, row in enumerate(run.rows("usable"))
    ]
    columns = [
        "circuits, mean",
        "circuits, promised",
        "moving boxes, mean",
        "fixed slots, mean",
        "circuits, now",
        "fixed, now",
    ]
    return Table("Share of the pod that slices of one size can use", columns, lines=lines)


def _outage(run: Run) -> Table:
    lines: list[Line] = []
    for place, row in enumerate(run.rows("changes", "outage")):
        path = ("changes", "outage", place)
        parts = [run.show(formats.duration, *path, key) for key in OUTAGE_PARTS]
        ends = [run.show(formats.duration, *path, "outage_s", key) for key in ("mid", "low", "high")]
        lines.append(Line(str(row["setting"]), [*parts, *ends]))
    columns = ["control", "switch", "receiver lock", "bring-up", "dark for", "low", "high"]
    return Table("A change of circuits, by who brings the link up again", columns, lines=lines)


_COUNTS = {
    "cubes": "cubes", "chips": "chips", "switches": "circuit switches", "ports_used": "ports used of each",
    "ports_usable": "ports it has", "fibres": "fibres", "modules": "optical modules",
    "optical_links_per_cube": "fibres of a cube", "copper_links_per_cube": "copper links in a cube",
    "hosts_per_cube": "hosts of a cube",
}  # fmt: skip


def _counts(run: Run) -> Table:
    lines = [Line(name, [run.show(formats.count, "pod", key)]) for key, name in _COUNTS.items()]
    lines.append(Line("circuits joined", [run.show(formats.count, "changes", "of_circuits")]))
    lines.append(Line("of them new after the failures", [run.show(formats.count, "changes", "circuits")]))
    lines.append(Line("chance that a host is up", [run.show(formats.percent, "availability", "host")]))
    lines.append(Line("chance that a cube is up", [run.show(formats.percent, "availability", "cube")]))
    return Table("The pod in counts", ["count"], lines=lines)
