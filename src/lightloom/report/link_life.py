"""A link in service on its page: failures by part, dark times, bandwidth where frames are lost, energy compared."""

from lightloom.report import formats
from lightloom.report.reading import Run, Shown
from lightloom.report.view import Line, Table

RECOVERY = {
    "go-back-n": "from end to end, with all sent since",
    "selective": "from end to end, that frame alone",
    "link-retry": "by the link itself, with all sent since",
}
"""How a lost frame is sent again, as a person says it."""


def failure_metrics(run: Run) -> list[tuple[str, Shown | str, str]]:
    """Return both rates with their bands and how often they strike a plant."""
    return [
        ("Hard failures", run.show(formats.plain, "failures", "hard_fit"), f"{_often(run, 'hard')}; need a person"),
        ("Flaps", run.show(formats.plain, "failures", "flap_fit"), f"{_often(run, 'flap')}; heal themselves"),
    ]


def energy_metric(run: Run) -> list[tuple[str, Shown | str, str]]:
    """Return energy over that of the product compared with; nothing where none was named."""
    ratio = run.show(formats.plain, "energy_against", "ratio", "mid")
    if not ratio.known:
        return []
    low, high = (run.show(formats.plain, "energy_against", "ratio", end).text for end in ("low", "high"))
    ends = " to ".join(dict.fromkeys(run.texts("energy_against", "ends")))
    unfair = "; counted otherwise, see below" if run.at("energy_against", "remark") else ""
    return [(f"Energy over {ends}", ratio, f"times as much a bit ({low} – {high}){unfair}")]


def _often(run: Run, kind: str) -> str:
    low, high = (run.show(formats.plain, "failures", f"{kind}_fit_band", end).text for end in ("low", "high"))
    every = run.show(formats.duration, "failures", "plant", f"{kind}_interval_s").text
    links = run.show(formats.count, "failures", "plant", "links").text
    return f"in 1e9 hours ({low} – {high}); one in {every} among {links} links"


def parts(run: Run) -> Table | None:
    """Return hard failures by part, with what falls together and who must come; None where nothing is told apart."""
    rows = run.rows("failures", "hard_parts")
    unlike = len({row["product"] for row in rows}) > 1
    lines = [
        Line(
            str(row["part"]) + (f", {row['product']}" if unlike else ""),
            [
                run.show(formats.plain, *path, "fit"),
                run.show(formats.count, *path, "ports_together"),
                str(row["swapped"]),
                run.show(formats.duration, *path, "repair_s", "mid"),
            ],
        )
        for place, row in enumerate(rows)
        for path in [("failures", "hard_parts", place)]
    ]
    columns = ("FIT, both ends", "ports that go with it", "swapped", "time to repair")
    return Table("Hard failures by part", columns, lines=lines) if len(lines) > 1 else None


def outages(run: Run) -> Table | None:
    """Return how long the link is dark when its circuit changes, part by part; None without a circuit switch."""
    keys = ("control_s", "switching_s", "receiver_lock_s", "bring_up_s")
    lines = [
        Line(
            str(row["setting"]),
            [
                *(run.show(formats.duration, "outage", place, key) for key in keys),
                *(run.show(formats.duration, "outage", place, "outage_s", end) for end in ("mid", "low", "high")),
            ],
        )
        for place, row in enumerate(run.rows("outage"))
    ]
    columns = ("control", "switch", "receiver lock", "bring-up", "dark", "at least", "at most")
    return Table("Dark time when its circuit changes, by setting of the ends", columns, lines=lines) if lines else None


def delivery(run: Run) -> Table | None:
    """Return bandwidth left below the edge of the budget, by transport; None for copper."""
    margins: list[float] = run.at("delivery", "margin_db") or []
    if not margins:
        return None
    lines = [
        Line(
            str(row["transport"]),
            [
                RECOVERY[str(row["recovery"])],
                *(run.show(formats.percent, *path, "delivered_share", place) for place in range(len(margins))),
            ],
        )
        for index, row in enumerate(run.rows("delivery", "transports"))
        for path in [("delivery", "transports", index)]
    ]
    columns = ("a lost frame is sent again", *(formats.decibels(margin) for margin in margins))
    return Table("Share of bandwidth that carries new frames, by margin", columns, lines=lines)
