"""Words that a pod is told in, at the terminal and on the page alike."""

from collections.abc import Sequence
from itertools import groupby

from lightloom.report import formats
from lightloom.report.reading import Run

USABLE = (
    ("mean", "circuits_share"), ("mean", "promised_share"), ("mean", "moving_share"), ("mean", "fixed_share"),
    ("now", "circuits", "share"), ("now", "fixed", "share"),
)  # fmt: skip
"""What is told of each size of slice, by its place in the answer."""

OUTAGE_PARTS = ("control_s", "switching_s", "receiver_lock_s", "bring_up_s")


def pod_words(answer: Run) -> str:
    """Return what the pod is, in one line."""
    pod = answer.at("pod")
    edge = pod["edge"]
    return (
        f"{formats.count(pod['cubes'])} cubes of {edge}x{edge}x{edge} chips, {formats.count(pod['chips'])} chips, "
        f"{formats.count(pod['switches'])} circuit switches '{pod['switch']}', {pod['ports_used']} of "
        f"{pod['ports_usable']} ports used"
    )


def cubes_words(cubes: Sequence[int]) -> str:
    """Return cubes in numbers, runs as ranges.

    >>> cubes_words([0, 1, 2, 18, 4, 5])
    '0–2 18 4–5'
    """
    runs = [[cube for _, cube in run] for _, run in groupby(enumerate(cubes), key=lambda entry: entry[1] - entry[0])]
    return " ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
