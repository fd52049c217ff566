"""One link as one HTML file: waterfall, curves, turn-up, errors, cost and what else would do; no script, no request."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from lightloom.report import formats, link_life
from lightloom.report.link_charts import length_figure, power_figure, turn_up_figure, waterfall
from lightloom.report.link_words import on_the_way, warmth
from lightloom.report.pages import template
from lightloom.report.reading import Run, Shown
from lightloom.report.view import Line, Table

_SPREADS = (
    ("modules", "modules at both ends, or cable and hosts"),
    ("connectors", "connectors"),
    ("circuit_switches", "circuit switches"),
    ("temperature", "temperature of the modules"),
)

_PLANT = (
    ("links", formats.count),
    ("failing", formats.plain),
    ("failing_low", formats.count),
    ("failing_high", formats.count),
    ("of_which_contaminated_share", formats.percent),
)


def render_link(answer: Mapping[str, Any], *, command: str = "") -> str:
    """Return the page of one answer of the verb ``link``; the same answer gives the same bytes.

    Every number on the page that stands in the answer carries its path and its unrounded value, as in a report.

    Args:
        answer: As :func:`lightloom.photonics.link_report.link_report` returns it.
        command: The command that makes this page again; empty leaves it out.
    """
    run = Run(0, answer)
    return template("link.html").render(
        run=run,
        title=title(run),
        verdict=verdict(run),
        sentences=_sentences(run),
        command=command,
        waterfall=waterfall(run),
        budget=_budget(run),
        length=length_figure(run),
        power=power_figure(run),
        errors=_errors(run),
        turn_up=turn_up_figure(run),
        plant={key: run.show(form, "turn_up", key) for key, form in _PLANT},
        spreads=_spreads(run),
        metrics=_metrics(run),
        parts=link_life.parts(run),
        outages=link_life.outages(run),
        delivery=link_life.delivery(run),
        round_trip=run.show(formats.duration, "delivery", "round_trip_s"),
        alternatives=_alternatives(run),
        boundaries=_boundaries(run),
        remedies=[(str(row["change"]), run.show(formats.decibels, "remedies", index, "margin_db"))
                  for index, row in enumerate(run.rows("remedies"))],
        figures=_figures(run),
        sources=run.rows("sources"),
    )  # fmt: skip


def render_waterfall(answer: Mapping[str, Any]) -> str:
    """Return the waterfall of a link as a piece of HTML with its own style, for a shadow tree of another page.

    Args:
        answer: As :func:`lightloom.photonics.link_report.link_report` returns it.
    """
    run = Run(0, answer)
    return template("waterfall.html").render(run=run, title=title(run), waterfall=waterfall(run))


def title(run: Run) -> str:
    """Return what link this is: its ends, rate, length and what lies on the way."""
    ends = " to ".join(dict.fromkeys(run.texts("ends")))
    rate, length = (run.show(form, key).text for form, key in ((_rate, "rate_bps"), (formats.length, "length_m")))
    way = on_the_way(run)
    return f"{ends}, {rate} over {length}{', ' if way else ''}{' and '.join(way)}"


def verdict(run: Run) -> str:
    """Return the first sentence: what is left at guaranteed limits, and what parts as they come make of it."""
    margin = run.number("spec_min", "margin_db") or 0.0
    left = formats.decibels(abs(margin)).lstrip("+")
    share = run.show(formats.percent, "distribution", "closes_share").text
    spare, short = f"Closes at guaranteed limits with {left} to spare", f"Misses its guaranteed limits by {left}"
    obstacle = "Does not close, whatever its margin" if margin >= 0.0 else short
    return f"{spare if run.at('spec_min', 'closes') else obstacle}; of parts as they come {share} close."


def _rate(value: float) -> str:
    return formats.si(value, "b/s")


def _sentences(run: Run) -> list[tuple[str, Markup]]:
    """Return what stands under the verdict: a heading and a sentence each."""
    share = run.show(formats.percent, "distribution", "closes_share")
    median, worst = (run.show(formats.decibels, "distribution", "margin_db", key) for key in ("p50", "p1"))
    failing, links = (run.show(form, "turn_up", key) for key, form in _PLANT[1::-1])
    found = [("Why not", Markup("{}.").format(str(run.at("reason"))))] if run.at("reason") else []
    found += [
        (
            "Parts as they come",
            Markup("{} of links close; the median has {} of margin, the worst in a hundred {}.").format(
                share, median, worst
            ),
        ),
        *([("Temperature", Markup("{}.").format(warmth(run)))] if warmth(run) else []),
        ("At turn-up", Markup("{} of a plant of {} links fail at first light.").format(failing, links)),
    ]
    if run.number("pre_fec_ber") is not None:
        bits, frames = (run.show(formats.scientific, key) for key in ("pre_fec_ber", "frame_loss_burst"))
        words = "The median link makes {} errors a bit before correction and loses at most {} of its frames after it."
        found.append(("Errors", Markup(words).format(bits, frames)))  # noqa: S704 # words of this file
    return found


def _budget(run: Run) -> Table:
    lines = [
        Line(str(row["item"]), [run.show(formats.decibels, "rows", index, "db"), str(row["how"])])
        for index, row in enumerate(run.rows("rows"))
    ]
    total = Line("margin", [run.show(formats.decibels, "spec_min", "margin_db"), "sum of the lines"])
    return Table("Power budget at guaranteed limits, worse direction", ("dB", "how"), lines=[*lines, total])


def _spreads(run: Run) -> Table:
    lines = [Line(words, [run.show(_db_spread, "turn_up", "sigma_db", key)]) for key, words in _SPREADS]
    return Table("Standard deviation of the margin, by part", ("dB",), lines=lines)


def _db_spread(value: float) -> str:
    return f"{value:.2f}\u00a0dB"


def _errors(run: Run) -> Table | None:
    links = [str(row["link"]) for row in run.rows("errors")]
    if not links:
        return None
    places = range(len(links))
    lines = [Line(words, [run.show(form, "errors", place, key) for place in places]) for words, key, form in _ERRORS]
    lines += [Line(words, [_interval(run, place, key) for place in places]) for words, key in _INTERVALS]
    return Table("Bits before correction, frames of 64 octets after it", links, lines=lines)


_ERRORS = (
    ("margin", "margin_db", formats.decibels),
    ("bit errors before correction", "pre_fec_ber", formats.scientific),
    ("frames lost, lone errors", "frame_loss", formats.rarity),
    ("frames lost, errors in bursts", "frame_loss_burst", formats.rarity),
)
_INTERVALS = (
    ("between lost frames, lone errors", "lost_frame_interval_s"),
    ("between lost frames, errors in bursts", "lost_frame_interval_burst_s"),
)


def _interval(run: Run, index: int, key: str) -> Shown | str:
    return "never" if run.number("errors", index, key) is None else run.show(formats.age, "errors", index, key)


def _metrics(run: Run) -> list[tuple[str, Shown | str, str]]:
    boundary = str(run.at("watts", "boundary") or "")
    inside, alike = run.number("watts", "inside_node") is not None, run.at("ends", 0) == run.at("ends", 1)
    whose = "both ends, inside the node’s own" if inside else "each end" if alike else "lower end"
    watts = run.show(formats.watts, "watts", "inside_node" if inside else "a")
    low, high = (run.show(formats.usd, "usd_band", key).text for key in ("low", "high"))
    found: list[tuple[str, Shown | str, str]] = [
        ("Latency, one way", run.show(formats.duration, "latency_s"), "both ends and flight"),
        ("Power", watts, f"{whose}; {boundary}"),
    ]
    if not (inside or alike):
        found.append(("Power, upper end", run.show(formats.watts, "watts", "b"), boundary))
    return [
        *found,
        ("Energy", run.show(formats.joules, "joules_per_bit"), "a bit, both ends, within that boundary"),
        ("Price", run.show(formats.usd, "usd"), f"{low} – {high}, both ends and cable"),
        *link_life.failure_metrics(run),
        *link_life.energy_metric(run),
    ]


def _alternatives(run: Run) -> Table | None:
    rows, warm = run.rows("alternatives"), run.number("temperature_c") is not None
    if not rows:
        return None
    lines = [
        Line(
            " to ".join(dict.fromkeys(run.texts("alternatives", index, "ends"))),
            [
                ("✓ closes" if row["closes"] else f"✕ {row['obstacle']}")
                + ("" if row["sold"] else ", not sold yet")
                + ("" if row["temperatures_known"] or not warm else ", no range of temperatures published"),
                formats.NONE
                if row["obstacle"] == "no light"
                else run.show(formats.decibels, "alternatives", index, "spec_min_margin_db"),
                run.show(formats.percent, "alternatives", index, "closes_share"),
                run.show(formats.watts, "alternatives", index, "watts"),
                "as here" if row["same_boundary"] else "otherwise",
                run.show(formats.usd, "alternatives", index, "usd"),
            ],
        )
        for index, row in enumerate(rows)
    ]
    columns = ("closes", "margin, guaranteed", "share that closes", "power, both ends", "counted", "price")
    return Table("Other technologies of this rate on the same path", columns, lines=lines)


def _boundaries(run: Run) -> list[tuple[str, str]]:
    """Return boundaries other than the link's own, with the products they belong to."""
    found: dict[str, list[str]] = {}
    for row in run.rows("alternatives"):
        if not row["same_boundary"]:
            found.setdefault(str(row["boundary"]), []).append(str(row["ends"][0]))
    return [(", ".join(names), boundary) for boundary, names in found.items()]


def _figures(run: Run) -> Table:
    lines = [
        Line(
            f"{row['product']} {formats.words(str(row['key']))}",
            [str(row["printed"]), str(row["sure"]), "; ".join(str(row[key]) for key in ("at", "how") if row[key])],
        )
        for row in run.rows("figures")
    ]
    return Table(
        "Every figure of the two ends: as printed, how sure, where or how",
        ("figure", "sure", "where or how"),
        lines=lines,
    )
