"""Reference cases of links: every kind that can be asked, and the file that ships."""

from pathlib import Path

from lightloom.core.registry import Registry
from lightloom.photonics import gnpy_line
from lightloom.study.validation.case_file import read_cases
from lightloom.study.validation.cases import CaseValidation, Vocabulary, work_out
from lightloom.study.validation.link_life import FIT_RATE, OUTAGE
from lightloom.study.validation.link_line import COHERENT_SPAN
from lightloom.study.validation.link_path import (
    COPPER_REACH,
    DISPERSION,
    ENERGY_PER_BIT,
    FIBRE,
    IMDD_BUDGET,
    LATENCY,
    MPI,
    OMA,
)
from lightloom.study.validation.link_signal import INNER_CODE, KP4, MARGIN_TO_BER, Q_TO_BER, RECEIVER_NOISE

SHIPPED = Path(__file__).parents[2] / "measured" / "link_cases.json"

LINK_KINDS: Vocabulary = Registry(
    "kind",
    [
        Q_TO_BER,
        KP4,
        INNER_CODE,
        MARGIN_TO_BER,
        OMA,
        FIBRE,
        DISPERSION,
        MPI,
        IMDD_BUDGET,
        RECEIVER_NOISE,
        LATENCY,
        COPPER_REACH,
        ENERGY_PER_BIT,
        COHERENT_SPAN,
        FIT_RATE,
        OUTAGE,
    ],
)


def validate_links(path: Path | None = None) -> CaseValidation:
    """Work out every link case of a file; the shipped one if none is named.

    Raises:
        StudyError: The file cannot be read.
    """
    cases = read_cases(path) if path else read_cases(SHIPPED, "lightloom/measured/link_cases.json")
    return work_out(cases, LINK_KINDS, frozenset({"gnpy"} if gnpy_line.available() else ()))
