"""One site's network built once and set up again at every site: the same, with numbers of its own."""

from dataclasses import replace

import numpy as np

from lightloom.core.arrays import Integers, frozen
from lightloom.fabric.domain import Network
from lightloom.fabric.fabric import Cables, Item, Level
from lightloom.fabric.topology import Layout
from lightloom.fabric.wiring import Wiring

REPEATED = frozenset(("rail",))
"""Coordinates that mean the same at every site; others count on."""


def replicate(network: Network, sites: int) -> Network:
    """Return the network of that many equal sites, nothing joining them.

    Circuit switches are of one site: a network that has them cannot be replicated.
    """
    layout = network.layout
    endpoints = layout.wiring.endpoints
    return replace(
        network,
        layout=_layout(layout, sites),
        cables=_cables(network.cables, sites),
        levels=tuple(_level(level, sites) for level in network.levels),
        items=tuple(_item(item, sites) for item in network.items),
        endpoint=_counted(network.endpoint, endpoints, sites),
    )


def _layout(layout: Layout, sites: int) -> Layout:
    return replace(
        layout,
        wiring=_wiring(layout.wiring, sites),
        blocks=tuple((name, _counted(block, int(block.max()) + 1, sites)) for name, block in layout.blocks),
        island=_counted(layout.island, int(layout.island.max()) + 1, sites),
        coordinates=tuple(
            (
                name,
                frozen(np.tile(values, sites)) if name in REPEATED else _counted(values, int(values.max()) + 1, sites),
            )
            for name, values in layout.coordinates
        ),
        tiers=tuple(replace(tier, boxes=tier.boxes * sites) for tier in layout.tiers),
    )


def _wiring(wiring: Wiring, sites: int) -> Wiring:
    """Endpoints of every site first, site by site, then the switches likewise."""
    inner, edges = wiring.endpoints, wiring.edges
    others = wiring.vertices - inner
    site = np.arange(sites)[:, None]
    number = np.concatenate(
        [np.arange(inner) + site * inner, np.arange(others) + site * others + sites * inner], axis=1
    )  # (sites, vertices)
    order = np.argsort(number.ravel(), kind="stable")

    def vertices(values: Integers) -> Integers:
        return frozen(values.ravel()[order])

    group = wiring.group + site * _groups(wiring)
    return replace(
        wiring,
        endpoints=inner * sites,
        kind=vertices(np.tile(wiring.kind, (sites, 1))),
        site=vertices(np.tile(wiring.site, (sites, 1)) + site),
        rack=vertices(wiring.rack + site * (int(wiring.rack.max()) + 1)),
        group=vertices(np.where(wiring.group < 0, wiring.group, group)),
        ports=vertices(np.tile(wiring.ports, (sites, 1))),
        ends=frozen(number[:, wiring.ends].reshape(sites * edges, 2)),
        multiplicity=frozen(np.tile(wiring.multiplicity, sites)),
        level=frozen(np.tile(wiring.level, sites)),
        plane=frozen(np.tile(wiring.plane, sites)),
        link_class=frozen(np.tile(wiring.link_class, sites)),
        rate=frozen(np.tile(wiring.rate, sites)),
    )


def _groups(wiring: Wiring) -> Integers:
    """(vertices,) How many groups the level has whose lower end the vertex is."""
    count = np.zeros(wiring.vertices, np.int64)
    for level in range(len(wiring.levels)):
        lower = np.unique(wiring.ends[wiring.level == level, 0])
        count[lower] = int(wiring.group[lower].max(initial=-1)) + 1  # a torus of endpoints has no host cables
    return count


def _counted(values: Integers, each: int, sites: int) -> Integers:
    """Return the values site by site, each site's after those of the one before."""
    return frozen((values + np.arange(sites)[:, None] * each).ravel())


def _cables(cables: Cables, sites: int) -> Cables:
    return replace(cables, table=replace(cables.table, count=frozen(cables.table.count * sites)))


def _level(level: Level, sites: int) -> Level:
    return replace(level, block=_counted(level.block, len(level.up), sites), up=frozen(np.tile(level.up, sites)))


def _item(item: Item, sites: int) -> Item:
    return replace(item, count=item.count * sites)
