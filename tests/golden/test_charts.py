"""The charts of the report, byte for byte as agreed; ``RENEW_GOLDEN=1`` writes them anew, to be looked at first.

Protects: a change of the drawing functions that moves, renames or recolours anything shows in the diff of a drawing
that any browser opens.
"""

import os
from pathlib import Path

import pytest
from markupsafe import Markup

from lightloom.report import charts, formats
from lightloom.report.charts import Band, Column, Segment
from lightloom.report.reading import Tag
from lightloom.report.scales import Linear, Log

GOLDEN = Path(__file__).parent / "charts"
STEP = (
    Segment("compute", 5.0, "5 s", "blue", Tag("step.compute_s", 5.0)),
    Segment("bubble", 2.0, "2 s", "idle", Tag("step.bubble_s", 2.0)),
    Segment("exposed expert", 2.0, "2 s", "vermillion", Tag("step.exposed_s.expert", 2.0), "expert"),
    Segment("a <name> & more", 1.0, "1 s", "purple"),
)
TEN = Linear(0.0, 10.0)
DRAWINGS = {
    "stacked-bar": charts.stacked_bar(STEP, TEN, title="A step of ten seconds"),
    "stacked-bar-with-band": charts.stacked_bar(STEP[:1], TEN, title="Five, give or take", band=Band(4.0, 7.5)),
    "span-bar": charts.span_bar(STEP[0], Band(2.0, 6.0), TEN, title="From two to six", anchor=5.0),
    "band-mark": charts.band_mark(5.0, Band(4.0, 7.5), TEN, title="Five, give or take"),
    "reach-strip": charts.reach_strip(3.0, 30.0, Log(1.0, 100.0), "blue", title="Three to thirty metres"),
    "columns": charts.columns(
        [Column("0", STEP[:2]), Column("1", STEP[:1])], TEN, formats.amount, title="Two stages", limit=8.0
    ),
    "axis": charts.axis(TEN, formats.duration),
    "axis-crowded": charts.axis(TEN, formats.duration, least_width=60.0),
    "axis-log": charts.axis(Log(0.5, 2000.0), formats.length),
    "axis-upright": charts.level_axis(Linear(0.0, 80e9), formats.amount),
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_drawing_is_the_agreed_one(name: str) -> None:
    path = GOLDEN / f"{name}.svg"
    drawn = _standing_alone(DRAWINGS[name])
    if os.environ.get("RENEW_GOLDEN"):
        path.write_text(drawn)
    assert drawn == path.read_text()


def _standing_alone(drawing: Markup) -> str:
    """Name the namespace and break lines, so that the file opens by itself and its diff can be read."""
    named = drawing.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return named.replace("><", ">\n<") + "\n"
