"""The wiring of a folded Clos, dealt out evenly: link t of a tier goes to switch t modulo their number."""

from collections.abc import Iterator
from typing import Protocol

import numpy as np

from lightloom.core.arrays import Floats, Integers, frozen
from lightloom.fabric.fold import Fold, Unit
from lightloom.fabric.topology import Circuits, Layout, Setting, Tier
from lightloom.fabric.wiring import LevelKey, Wiring

CIRCUIT = "circuit"
"""What circuit switches are called, and links to them beside those to packet switches."""


class Named(Protocol):
    """What a layout needs of the topology it is of, beyond its numbers."""

    @property
    def planes(self) -> int:
        """Parallel networks."""
        ...

    @property
    def switch(self) -> str:
        """Packet switch of every tier below the top."""
        ...

    @property
    def core_product(self) -> str:
        """Switch at the top."""
        ...

    @property
    def circuit_product(self) -> str:
        """Circuit switch at the top, if there is any."""
        ...

    @property
    def top_name(self) -> str:
        """What the top is called."""
        ...


Edges = tuple[Integers, Integers, Integers]
"""Lower ends, upper ends (numbered within their tiers), and how many equal links join each pair."""


def leaf_of(unit: Unit, endpoints: int) -> Integers:
    """(endpoints,) Leaf each endpoint hangs under."""
    piece, place = np.divmod(np.arange(endpoints), unit.endpoints)
    within = place % unit.leaves if unit.striped else place // unit.hosts
    return piece * unit.leaves + within


def deal(place: Integers, links_each: int, uppers: int, first_upper: Integers | int = 0) -> Edges:
    """Deal links out in turn, as cards: no two uppers of a pack differ by more than one link.

    Args:
        place: (lowers,) place of each lower element in its pack; the links of a pack are dealt together.
        links_each: Links of each lower element.
        uppers: Upper elements of a pack.
        first_upper: (lowers,) number of the pack's first upper element.
    """
    turn = place[:, None] * links_each + np.arange(links_each)
    upper = turn % uppers + np.broadcast_to(first_upper, place.shape)[:, None]
    width = int(upper.max()) + 1
    pairs, counts = np.unique(np.arange(len(place))[:, None] * width + upper, return_counts=True)
    return pairs // width, pairs % width, counts


def lay_fold(fold: Fold, setting: Setting, named: Named, remarks: tuple[str, ...]) -> Layout:
    """Wire a folded Clos whose numbers are known."""
    leaf = leaf_of(fold.unit, setting.endpoints)
    pod = leaf // fold.leaves_per_pod
    tiers = _tiers(fold, named)
    blocks: list[tuple[str, Integers]] = [("host", np.arange(setting.endpoints)), ("leaf", leaf)]
    coordinates = [("leaf", leaf)]
    if fold.unit.striped:
        coordinates.append(("rail", np.arange(setting.endpoints) % fold.unit.leaves))
    if fold.aggregation:
        blocks.append(("aggregation", pod))
        coordinates.append(("pod", pod))
    circuits = _circuits(fold, named, blocks[-1][0])
    if fold.mirrors:
        blocks.append((CIRCUIT, blocks[-1][1]))
    levels: tuple[LevelKey, ...] = tuple(("scale_out", name) for name, _ in blocks)
    edges = _edges(fold, leaf, circuit=named.top_name == CIRCUIT)
    wiring = _assemble(fold, setting, named, levels, edges)
    return Layout(
        wiring=wiring,
        blocks=tuple((name, frozen(block)) for name, block in blocks),
        island=frozen(np.arange(setting.endpoints) % fold.rails),
        coordinates=tuple((name, frozen(values)) for name, values in coordinates),
        tiers=tiers,
        circuits=circuits,
        assumptions=remarks,
    )


def _circuits(fold: Fold, named: Named, level: str) -> Circuits | None:
    """Return what is left to circuit switches: all links above a level, or some beside those to packet switches."""
    if fold.mirrors:
        return Circuits(level, fold.pods, fold.pod_mirrors_up * named.planes, named.circuit_product, links=CIRCUIT)
    if named.top_name == CIRCUIT:
        return Circuits(level, fold.pods, fold.pod_up * named.planes, named.circuit_product)
    return None


def _edges(fold: Fold, leaf: Integers, *, circuit: bool) -> list[Edges]:
    """Return the edges of one plane, level by level."""
    found: list[Edges] = [(np.arange(len(leaf)), leaf, np.ones(len(leaf), np.int64))]
    leaves = np.arange(fold.leaves)
    if fold.aggregation is None:
        return [*found, *_to_the_top(fold, leaves, np.zeros_like(leaves), circuit=circuit)]
    boxes = fold.aggregation.boxes
    pod, place = np.divmod(leaves, fold.leaves_per_pod)
    found.append(deal(place, fold.leaf_up, boxes, pod * boxes))
    lowers = np.arange(fold.pods * boxes)
    return [*found, *_to_the_top(fold, lowers, lowers % boxes, circuit=circuit)]


def _to_the_top(fold: Fold, lowers: Integers, place: Integers, *, circuit: bool) -> Iterator[Edges]:
    """Yield the topmost edges; at circuit switches the links of every block go to the same ports."""
    packets = fold.top_up - fold.mirrors_up
    group, rail = np.divmod(lowers, fold.rails)
    boxes = fold.top.boxes // fold.rails
    yield deal(place if circuit else group, packets, boxes, rail * boxes)
    if fold.mirrors:
        yield deal(place, fold.mirrors_up, fold.mirrors.boxes)


def _tier_sizes(fold: Fold) -> list[int]:
    middle = [fold.pods * fold.aggregation.boxes] if fold.aggregation else []
    return [fold.leaves, *middle, fold.top.boxes, *([fold.mirrors.boxes] if fold.mirrors else [])]


def _tier_names(fold: Fold, named: Named) -> list[str]:
    middle = ["aggregation"] if fold.aggregation else []
    return ["leaf", *middle, named.top_name, *([CIRCUIT] if fold.mirrors else [])]


def _below(edges: list[Edges], fold: Fold) -> list[int]:
    """Return the tier below each tier's edges, counted from the leaves; -1 for endpoints."""
    found = [tier - 1 for tier in range(len(edges))]
    return [*found[:-1], found[-1] - 1] if fold.mirrors else found


def _tiers(fold: Fold, named: Named) -> tuple[Tier, ...]:
    stages = [None, *([fold.aggregation] if fold.aggregation else []), fold.top]
    stages += [fold.mirrors] if fold.mirrors else []
    names, sizes = _tier_names(fold, named), _tier_sizes(fold)
    top = [named.core_product, *([named.circuit_product] if fold.mirrors else [])]
    products = [named.switch] * (len(names) - len(top)) + top
    return tuple(
        Tier(
            name=name,
            product=product,
            boxes=size * named.planes,
            chips=stage.chips if stage else 1,
            hops=3 if stage and stage.chips > 1 else 1,
        )
        for name, product, size, stage in zip(names, products, sizes, stages, strict=True)
    )


def _offered(fold: Fold, edges: list[Edges]) -> Integers:
    """(switches of a plane,) Ports of each, tier by tier."""
    sizes = _tier_sizes(fold)
    stages = [(fold.split, fold.split.below)]
    stages += [(stage.split, stage.limit) for stage in (fold.aggregation, fold.top, fold.mirrors) if stage]
    found: list[Integers] = []
    under = _below(edges, fold)
    for tier, (size, (split, limit)) in enumerate(zip(sizes, stages, strict=True)):
        _, upper, below = edges[tier]
        down, up = np.bincount(upper, below, size), np.zeros(size)
        for above in [one for one, lowers in zip(edges, under, strict=True) if lowers == tier]:
            up += np.bincount(above[0], above[2], size)
        found.append(split.offered(limit, down.astype(np.int64), up.astype(np.int64)))
    return np.concatenate(found)


def _assemble(fold: Fold, setting: Setting, named: Named, levels: tuple[LevelKey, ...], edges: list[Edges]) -> Wiring:
    """Number the vertices, endpoints first, then plane by plane and tier by tier, and repeat the edges per plane."""
    sizes, planes, count = _tier_sizes(fold), named.planes, setting.endpoints
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    groups = [np.arange(fold.leaves)]
    if fold.aggregation:
        groups.append(np.repeat(np.arange(fold.pods), fold.aggregation.boxes))
    groups += [np.full(size, -1) for size in sizes[len(groups) :]]
    kind = np.repeat(np.arange(1, len(sizes) + 1), sizes)
    ends: list[Integers] = []
    for tier, ((lower, upper, _), under) in enumerate(zip(edges, _below(edges, fold), strict=True)):
        below = lower if under < 0 else lower + count + starts[under]
        ends.append(np.stack([below, upper + count + starts[tier]], axis=1))
    one_plane = np.concatenate(ends)
    is_switch = one_plane >= count
    multiplicity = np.concatenate([counts for _, _, counts in edges])
    level = np.repeat(np.arange(len(edges)), [len(counts) for _, _, counts in edges])
    vertices = count + planes * int(starts[-1])
    rates = [*fold.rates, *([fold.rates[-1]] if fold.mirrors else [])]
    rate: Floats = np.tile(np.array(rates)[level], planes)
    return Wiring(
        endpoints=count,
        kinds=("endpoint", *_tier_names(fold, named)),
        kind=frozen(np.concatenate([np.zeros(count, np.int64), np.tile(kind, planes)])),
        site=frozen(np.zeros(vertices, np.int64)),
        rack=frozen(np.full(vertices, -1)),
        group=frozen(np.concatenate([np.arange(count), np.tile(np.concatenate(groups), planes)])),
        ports=frozen(np.concatenate([np.full(count, planes), np.tile(_offered(fold, edges), planes)])),
        levels=levels,
        ends=frozen(np.concatenate([one_plane + plane * int(starts[-1]) * is_switch for plane in range(planes)])),
        multiplicity=frozen(np.tile(multiplicity, planes)),
        level=frozen(np.tile(level, planes)),
        plane=frozen(np.repeat(np.arange(planes), len(level))),
        link_class=frozen(np.full(planes * len(level), -1)),
        rate=frozen(rate),
    )
