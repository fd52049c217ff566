"""What slices of several sizes can use of a pod: now, and on the mean, with circuits and with fixed wiring."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from lightloom.core.arrays import Booleans
from lightloom.core.random import stream
from lightloom.fabric.health.downtime import Downtime, block_availability, promised_pool
from lightloom.fabric.pods.placing import boxes_of, first_fit, most_boxes
from lightloom.fabric.pods.pod import Pod, Sides, most_cubic, written

MOMENTS = 2000
"""At which cubes are up or down by chance; the share of a quarter of a pod is then known to half a per cent."""


@dataclass(frozen=True, slots=True)
class Usable:
    """One size of slice, filling the pod alone.

    Args:
        cubes: Of a slice.
        chips: Of a slice.
        shape: Taken for the wiring, in chips.
        slices: That the pod holds now, with circuits.
        share: Of all cubes that they use, 0..1.
        fixed_slices: That it holds now with fixed wiring, wherever boxes go.
        fixed_share: Likewise.
        mean_share: On the mean over time, with circuits.
        promised_share: That can be promised, with circuits.
        fixed_mean_share: On the mean over time, with fixed wiring and slots that never change, as many as fit.
        moving_mean_share: Likewise, with boxes placed anew on what is up, each at the first place that is free.
    """

    cubes: int
    chips: int
    shape: str
    slices: int
    share: float
    fixed_slices: int
    fixed_share: float
    mean_share: float
    promised_share: float
    fixed_mean_share: float
    moving_mean_share: float

    def to_dict(self) -> dict[str, object]:
        """Return the entry of ``usable``."""
        return {
            "cubes": self.cubes,
            "chips": self.chips,
            "shape": self.shape,
            "now": {
                "circuits": {"slices": self.slices, "share": self.share},
                "fixed": {"slices": self.fixed_slices, "share": self.fixed_share},
            },
            "mean": {
                "circuits_share": self.mean_share,
                "promised_share": self.promised_share,
                "fixed_share": self.fixed_mean_share,
                "moving_share": self.moving_mean_share,
            },
        }


def usable(pod: Pod, up: Booleans, availability: float, boxes: Sequence[Sides]) -> Iterator[Usable]:
    """Return what slices use, smallest first: of one cube, two, four, … and of the boxes asked about.

    Args:
        pod: The pod.
        up: Cubes that are up now, (cubes,).
        availability: Of one host, 0..1.
        boxes: In cubes; a size asked about twice is told of the first.

    Leaves out: failures of circuit switches and fibres. Boxes that move are counted over made-up moments.
    """
    cube = float(block_availability(availability, pod.hosts_per_cube))
    down = Downtime.independent(pod.cubes, cube)
    moments = stream(0, "pod").random((MOMENTS, pod.cubes)) < cube
    sizes: dict[int, Sides] = {}
    for box in boxes:
        sizes.setdefault(box[0] * box[1] * box[2], box)
    for power in range(pod.cubes.bit_length()):
        sizes.setdefault(1 << power, most_cubic(1 << power))
    whole = np.ones((1, pod.cubes), np.bool_)
    for size, box in sorted(sizes.items()):
        slices, fixed = int(up.sum()) // size, most_boxes(pod, up, box)
        places = boxes_of(pod.wired_grid, box)
        slots = int(first_fit(places, whole)[0])
        yield Usable(
            cubes=size,
            chips=size * pod.chips_per_cube,
            shape=written((box[0] * pod.edge, box[1] * pod.edge, box[2] * pod.edge)),
            slices=slices,
            share=slices * size / pod.cubes,
            fixed_slices=fixed,
            fixed_share=fixed * size / pod.cubes,
            mean_share=down.pool(size),
            promised_share=promised_pool(pod.cubes, size, cube),
            fixed_mean_share=slots * size / pod.cubes * down.group_up(size),
            moving_mean_share=float(first_fit(places, moments).mean()) * size / pod.cubes,
        )
