"""Words and numbers that a fabric is told in, at the terminal and on the page alike."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from lightloom.report import formats
from lightloom.report.formats import Form
from lightloom.report.reading import Run, Shown

Path: TypeAlias = tuple[str | int, ...]

FIGURES: tuple[tuple[str, Form, Path], ...] = (
    ("islands", formats.count, ("islands",)),
    ("endpoints of each", formats.count, ("endpoints",)),
    ("accelerators cut off", formats.count, ("failed", "cut_off")),
    ("hops at most", formats.count, ("hops", "diameter")),
    ("hops on the mean", formats.plain, ("hops", "mean")),
    ("ways, fewest", formats.count, ("ways", "least")),
    ("ways, median", formats.count, ("ways", "median")),
    ("ways apart, fewest", formats.count, ("ways", "apart")),
    ("bisection, one way", formats.bandwidth, ("bisection", "bytes_per_s")),
    ("all-to-all, each", formats.bandwidth, ("all_to_all", "bytes_per_s_per_accelerator")),
    ("the same as routed", formats.bandwidth, ("all_to_all", "routed", "bytes_per_s_per_accelerator")),
    ("all-gather", formats.bandwidth, ("all_gather", "bytes_per_s")),
    ("all-reduce", formats.bandwidth, ("all_reduce", "bytes_per_s")),
    ("latency, mean", formats.duration, ("latency_s", "mean")),
    ("latency, worst", formats.duration, ("latency_s", "worst")),
)
"""What is told of each network, by its place in the answer."""

_MARKS = {"bisection": "≥ ", "all_to_all": "≤ ", "all_gather": "≤ ", "all_reduce": "≤ "}


def network_words(network: Mapping[str, Any]) -> str:
    """Return what a network is called: where it is and of what kind."""
    where = " ".join(part for part in (formats.words(str(network["domain"])), network["fabric"]) if part)
    return f"{where}: {network['topology']}"


def level_words(domain: str, level: str) -> str:
    """Return what a level is called among those of all networks.

    >>> level_words("scale_out", "leaf")
    'scale-out leaf'
    """
    return f"{formats.words(domain)} {level}"


def mark(run: Run, place: int, path: Path) -> str:
    """Return the sign before a figure that is only a bound; nothing before others."""
    bound = run.at("networks", place, path[0], "how") == "bound" and len(path) == 2
    return _MARKS.get(str(path[0]), "") if bound else ""


def figure(run: Run, place: int, form: Form, path: Path) -> Shown:
    """Return a figure of a network, with the sign of a bound."""
    shown = run.show(form, "networks", place, *path)
    return Shown(mark(run, place, path) + shown.text, shown.tag)


def cable_kinds(run: Run) -> Iterator[tuple[Mapping[str, Any], list[int]]]:
    """Yield cables of one level and one pair of products: the first of them, and the places of all in the answer."""
    found: dict[tuple[str, ...], list[int]] = {}
    rows = run.rows("cables")
    for place, row in enumerate(rows):
        found.setdefault((row["domain"], row["level"], *row["ends"]), []).append(place)
    for places in found.values():
        yield rows[places[0]], places


def products_words(ends: list[str]) -> str:
    """Return the products at the ends, once where they are the same.

    >>> products_words(["dac", "dac"]), products_words(["dr4", "cpo"])
    ('dac', 'dr4 to cpo')
    """
    return " to ".join(dict.fromkeys(ends))


def lengths_words(lengths: list[float]) -> str:
    r"""Return a range of lengths.

    >>> lengths_words([2.0]), lengths_words([7.0, 2.0]), lengths_words([0.5, 12.0])
    ('2\xa0m', '2–7\xa0m', '50\xa0cm–12\xa0m')
    """
    low, high = formats.length(min(lengths)), formats.length(max(lengths))
    (number, unit), last = low.split("\u00a0"), high.split("\u00a0")[1]
    return high if low == high else f"{number if unit == last else low}–{high}"


def path_words(path: Mapping[str, Any]) -> str:
    """Return how many ways there are, and by what routing."""
    count, listed = path["ways"], len(path["listed"])
    many = f"more than {listed} ways" if count is None else "1 way" if count == 1 else f"{formats.count(count)} ways"
    over = f" over {path['fabric']}" if path["fabric"] else ""
    return f"{many} from accelerator {path['from']} to accelerator {path['to']}{over}"


def routing_words(path: Mapping[str, Any]) -> str:
    """Return where ways lead, and what shares traffic out over them."""
    shown = len(path["listed"])
    some = "" if path["ways"] == shown else f"; {shown} of them are listed"
    where = " ".join(part for part in (formats.words(path["domain"]), path["fabric"]) if part)
    return f"{where}, {path['routing']}{some}"


def stage_words(stage: Mapping[str, Any]) -> str:
    """Return what ways pass at one place.

    >>> stage_words({"kind": "core", "count": 56, "first": "core 0"})
    '56 × core'
    """
    count = stage["count"]
    return str(stage["first"]) if count == 1 else f"{formats.count(count)} × {stage['kind']}"
