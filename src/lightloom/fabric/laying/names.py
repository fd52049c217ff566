"""What things on the floor are called: the same words on labels, drawings and in schedules."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import count

import numpy as np

from lightloom.core.arrays import Integers
from lightloom.fabric.fabric import ClusterShape
from lightloom.fabric.laying.spots import OFF, Racks, Spots
from lightloom.fabric.laying.trays import in_line
from lightloom.fabric.wiring import Domain, Wiring

PREFIX: dict[Domain, str] = {"scale_up": "up", "scale_out": "out", "scale_across": "across"}
"""How the names of a domain's cables begin."""


def numbered(most: int) -> int:
    """Digits that numbers up to the highest take, two at least."""
    return max(2, len(str(most)))


def site_names(racks: Racks) -> list[str]:
    """Return the site of each rack: ``S1``."""
    return [f"S{site + 1}" for site in racks.site.tolist()]


def row_names(racks: Racks) -> list[str]:
    """Return the row of each rack: ``R03``, or ``border`` off the floorplan."""
    width = numbered(int(racks.row.max()) + 1)
    return ["border" if row == OFF else f"R{row + 1:0{width}}" for row in racks.row.tolist()]


def rack_names(racks: Racks) -> list[str]:
    """Return what each rack is called: ``S1-R03-07``, its second rack of switches ``S1-R03-07N2``."""
    width = numbered(int(racks.bay.max()) + 1)
    columns = (site_names(racks), row_names(racks), racks.bay.tolist(), racks.number.tolist())
    return [
        f"{site}-{row}" if row == "border" else f"{site}-{row}-{bay + 1:0{width}}{f'N{number}' if number else ''}"
        for site, row, bay, number in zip(*columns, strict=True)
    ]


def owners(wiring: Wiring, vertex: Integers, level: Integers) -> Integers:
    """Return the device a port belongs to: a switch, or the accelerator or network card of an endpoint.

    Args:
        wiring: The graph.
        vertex: One for each end of a cable.
        level: Its cable's level.

    Returns:
        Twice the vertex, and one more for a network card.
    """
    outward = np.array([domain != "scale_up" for domain, _ in wiring.levels])[level]
    return 2 * vertex + (outward & (vertex < wiring.endpoints))


def device_names(wiring: Wiring, shape: ClusterShape, owner: Sequence[int]) -> list[str]:
    """Return what devices are called: ``node-0012.acc-3``, ``node-0012.nic-3``, ``leaf-003``.

    Switches of a kind are counted from 1 over the whole cluster. A scale-up domain's switches, and circuit switches
    that take equal shares of every cable, are one device, as in the wiring.
    """
    per_node = shape.accelerators_per_node
    per_card = per_node // min(per_node, shape.nics_per_node)
    width = numbered(shape.nodes)
    counted = _counted(wiring)
    found: list[str] = []
    for code in owner:
        vertex, card = divmod(code, 2)
        if vertex >= wiring.endpoints:
            found.append(counted[vertex - wiring.endpoints])
            continue
        node, place = divmod(vertex, per_node)
        own = f"nic-{place // per_card + 1}" if card else f"acc-{place + 1}"
        found.append(f"node-{node + 1:0{width}}.{own}")
    return found


def _counted(wiring: Wiring) -> list[str]:
    """Return the name of each vertex that is no endpoint; kinds of one word are counted on."""
    kinds: list[int] = wiring.kind[wiring.endpoints :].tolist()
    words = [wiring.kinds[kind] for kind in kinds]
    width = {word: max(3, numbered(many)) for word, many in Counter(words).items()}
    place: dict[str, count[int]] = defaultdict(lambda: count(1))
    return [f"{word}-{next(place[word]):0{width[word]}}" for word in words]


def cable_names(wiring: Wiring, level: Integers, number: Integers) -> list[str]:
    """Return what cables are called: ``out-leaf-000123``, counted level by level.

    Args:
        wiring: Its levels.
        level: Of each cable.
        number: Of each cable in its level, from 1.
    """
    words = [f"{PREFIX[domain]}-{name}" for domain, name in wiring.levels]
    width = max(3, numbered(int(number.max(initial=1))))
    return [f"{words[of]}-{each:0{width}}" for of, each in zip(level.tolist(), number.tolist(), strict=True)]


def trunk_names(many: int) -> list[str]:
    """Return what trunks are called: ``T0042``."""
    width = max(4, numbered(many))
    return [f"T{number:0{width}}" for number in range(1, many + 1)]


def tray_name(place: int, *, crossing: bool) -> str:
    """Return what a tray is called: ``L03`` over the third line of rows, ``X012`` across them over the twelfth bay."""
    return f"X{place + 1:03}" if crossing else f"L{place + 1:02}"


def route_names(spots: Spots, first: Integers, second: Integers) -> list[str]:
    """Return the trays from one rack to another: ``L03 > X012``.

    Args:
        spots: The racks.
        first: Rack at one end of each cable.
        second: Rack at the other.
    """
    (line_a, stand_a), (line_b, stand_b) = in_line(spots, first), in_line(spots, second)
    kind = np.where(first == second, 0, np.where((spots.racks.row[first] < 0) | (spots.racks.row[second] < 0), 1, 2))
    along, across = stand_a != stand_b, line_a != line_b
    keys = np.stack([kind, np.where(along, line_a, -1), np.where(across, stand_b, -1)])
    distinct, which = np.unique(keys, axis=1, return_inverse=True)
    words = [_route(*column) for column in distinct.T.tolist()]
    return [words[each] for each in which.ravel().tolist()]


def _route(kind: int, line: int, stand: int) -> str:
    if kind < 2:
        return "to the border" if kind else "in the rack"
    along = [tray_name(line, crossing=False)] if line >= 0 else []
    across = [tray_name(stand, crossing=True)] if stand >= 0 else []
    return " > ".join([*along, *across]) or "over the bay"
