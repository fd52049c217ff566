"""The report of one study as agreed; ``RENEW_GOLDEN=1`` writes it anew, to be looked at first.

Protects: a change of a model, a figure or a sentence shows in the diff of a page that any browser opens. Numbers are
compared to six digits and places in drawings to a tenth, so that another build of NumPy gives the same page; the style
sheets and the hash of the study, which its own tests hold, are left out.
"""

import os
import re
from pathlib import Path

import lightloom as ll
from lightloom.study.questions.ending import copper_ends

GOLDEN = Path(__file__).parent / "qwen3-235b-256.html"
TEMPLATES = Path(ll.__file__).parent / "report" / "templates"
STYLES = ("style.css", "budget.css", "wall.css")
_VALUE = re.compile(r'(?<= data-value=")[^"]+')
_PLACE = re.compile(r'(?<= )(x|y|x1|x2|y1|y2|cx|cy|width|height)="(-?[\d.]+)(%?)"')
_HASH = re.compile(r"\b[0-9a-f]{64}\b")
_NOISE = 1e-9


def test_report_of_one_study_is_the_agreed_one() -> None:
    scenario = ll.load("qwen3-235b-256")
    answer, command = ll.evaluate(scenario).to_dict(), "lightloom run qwen3-235b-256"
    copper = copper_ends([scenario])
    page = ll.render([answer], [], title=answer["scenario"]["name"], command=command, copper_ends=copper)
    drawn = normal(page)
    if os.environ.get("RENEW_GOLDEN"):
        GOLDEN.write_text(drawn)
    assert drawn.splitlines() == GOLDEN.read_text().splitlines()


def normal(page: str) -> str:
    """Round what another machine may compute differently, and leave out what is held elsewhere."""
    for name in STYLES:
        page = page.replace((TEMPLATES / name).read_text().strip(), f"/* {name} */")
    page = _VALUE.sub(lambda found: _rounded(float(found[0])), page)
    page = _PLACE.sub(lambda found: f'{found[1]}="{float(found[2]) + 0.0:.1f}{found[3]}"', page)
    page = _HASH.sub("hash", page)
    return page.replace("><", ">\n<")


def _rounded(value: float) -> str:
    return "0" if abs(value) < _NOISE else f"{value:.6g}"
