"""Fabrics side by side in one cluster: each named when it is built, and each to be had by itself again."""

import functools
from dataclasses import replace

import numpy as np

from lightloom.core.arrays import Integers, frozen
from lightloom.fabric.across import ACROSS, SITE_LEVEL
from lightloom.fabric.domain import Network
from lightloom.fabric.fabric import Fabric, Failures, Level
from lightloom.fabric.labels import fabric_of, labelled
from lightloom.fabric.wiring import Wiring


def named(network: Network, name: str) -> Network:
    """Return a network whose levels, switches and coordinates have a fabric's name before their own."""
    layout, cables, space = network.layout, network.cables, network.circuit_space
    wiring = replace(
        layout.wiring,
        kinds=(layout.wiring.kinds[0], *(labelled(name, kind) for kind in layout.wiring.kinds[1:])),
        levels=tuple((domain, labelled(name, level)) for domain, level in layout.wiring.levels),
    )
    return replace(
        network,
        layout=replace(
            layout,
            wiring=wiring,
            coordinates=tuple((labelled(name, each), values) for each, values in layout.coordinates),
            assumptions=tuple(f"{name}: {text}" for text in layout.assumptions),
        ),
        cables=replace(cables, level=tuple(labelled(name, level) for level in cables.level)),
        levels=tuple(replace(level, name=labelled(name, level.name)) for level in network.levels),
        items=tuple(
            replace(item, name=f"{name} {item.name}", level=labelled(name, item.level)) for item in network.items
        ),
        circuit_space=space and replace(space, level=labelled(name, space.level)),
        remarks=tuple(f"{name}: {text}" for text in network.remarks),
    )


def shore(name: str, site: Integers) -> Level:
    """Return the level at which a fabric ends that reaches no other site: nothing crosses it.

    Args:
        name: Of the fabric.
        site: (accelerators,) site of each.
    """
    return Level(ACROSS, labelled(name, SITE_LEVEL), site, frozen(np.zeros(int(site.max()) + 1)), 0.0)


@functools.lru_cache(maxsize=64)
def alone(fabric: Fabric, name: str) -> Fabric:
    """Return a cluster with one of its scale-out fabrics, as if the others were not there; the last are remembered.

    Cables keep their rows and vertices their numbers; levels, links and devices are those of the one fabric and of
    scale-up domains, for the main one also of lines between sites.

    Args:
        fabric: The whole.
        name: Of the fabric; empty for the main one.
    """
    if not fabric.beside:
        return fabric
    space = fabric.circuit_space
    transports = {"": fabric.transport, **{each.name: each.transport for each in fabric.beside}}
    return replace(
        fabric,
        levels=tuple(level for level in fabric.levels if _of(name, level.domain, level.name)),
        inventory=tuple(item for item in fabric.inventory if _of(name, item.domain, item.level)),
        circuit_space=space if space and fabric_of(space.level) == name else None,
        wiring=_wiring(fabric.wiring, name),
        transport=transports[name],
        beside=(),
        failures=fabric.failures and _failures(fabric.failures, fabric.wiring, name),
    )


def _failures(failures: Failures, wiring: Wiring, name: str) -> Failures | None:
    """Return what has failed of one fabric and of scale-up domains."""
    broken = tuple(each for each in failures.broken if each.domain == "scale_up" or each.fabric == name)
    share = frozen(failures.share[_rows(wiring, name)])
    return Failures(share, _wiring(failures.working, name), broken) if broken else None


def _of(name: str, domain: str, level: str) -> bool:
    return domain == "scale_up" or fabric_of(level) == name


def _rows(wiring: Wiring, name: str) -> Integers:
    return np.flatnonzero(np.array([_of(name, *level) for level in wiring.levels], np.bool_)[wiring.level])


def _wiring(wiring: Wiring, name: str) -> Wiring:
    """Return the graph with the edges of one fabric."""
    rows = _rows(wiring, name)
    return replace(
        wiring,
        ends=frozen(wiring.ends[rows]),
        multiplicity=frozen(wiring.multiplicity[rows]),
        level=frozen(wiring.level[rows]),
        plane=frozen(wiring.plane[rows]),
        link_class=frozen(wiring.link_class[rows]),
        rate=frozen(wiring.rate[rows]),
    )
