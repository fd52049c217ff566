"""A fabric of levels alone: what published runs tell of their network, when they tell no more than its bandwidths."""

import numpy as np

from lightloom.core.arrays import Floats, Integers, frozen
from lightloom.fabric.fabric import Cables, ClusterShape, Fabric, Level
from lightloom.fabric.wiring import Wiring
from lightloom.photonics.links import LinkPolicy, choose


def ideal(shape: ClusterShape, *, domain: int, pod: int = 0, oversubscription: float = 1.0) -> Fabric:
    """Return scale-up domains of a size, joined without blocking; or, above pods, with oversubscription.

    No cables, switches or lengths: only bandwidth is divided.

    Args:
        shape: Accelerators and their bandwidths.
        domain: Accelerators of a scale-up domain.
        pod: Accelerators below the oversubscribed level; 0 for none.
        oversubscription: Of pods towards the core.
    """
    rank = np.arange(shape.accelerators)
    out = shape.nic_bandwidth * shape.nics_per_node / shape.accelerators_per_node
    levels = [
        _level("scale_up", "host", rank, np.full(shape.accelerators, shape.scale_up_bandwidth)),
        _level("scale_out", "host", rank, np.full(shape.accelerators, out)),
    ]
    if pod and pod < shape.accelerators:
        block = rank // pod
        up = np.bincount(block).astype(np.float64) * (out / oversubscription)
        levels.append(_level("scale_out", "aggregation", block, up))
    return Fabric(
        shape=shape,
        scale_up_domain=frozen(rank // domain),
        levels=tuple(levels),
        cables=Cables((), (), choose((), LinkPolicy("spec_min", 0.0), {})),
        inventory=(),
        circuit_space=None,
        coordinates=(),
        wiring=_unwired(shape.accelerators),
        assumptions=("The network is ideal: bandwidths without cables and switches.",),
    )


def _level(domain: str, name: str, block: Integers, up: Floats) -> Level:
    where = "scale_up" if domain == "scale_up" else "scale_out"
    return Level(where, name, frozen(block.copy()), frozen(up), 0.0)


def _unwired(count: int) -> Wiring:
    none, zeros = np.zeros(0, np.int64), np.zeros(count, np.int64)
    return Wiring(
        endpoints=count,
        kinds=("endpoint",),
        kind=frozen(zeros.copy()),
        site=frozen(zeros.copy()),
        rack=frozen(zeros - 1),
        group=frozen(zeros - 1),
        ports=frozen(zeros.copy()),
        levels=(),
        ends=frozen(np.zeros((0, 2), np.int64)),
        multiplicity=frozen(none.copy()),
        level=frozen(none.copy()),
        plane=frozen(none.copy()),
        link_class=frozen(none.copy()),
        rate=frozen(np.zeros(0)),
    )
