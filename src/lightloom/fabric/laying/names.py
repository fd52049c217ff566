"""What things on the floor are called: the same words on labels, drawings and in schedules."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import count

import numpy as np

from lightloom.core.arrays import Integers
from lightloom.fabric.fabric import Fabric
from lightloom.fabric.labels import fabric_of
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


def owners(fabric: Fabric, vertex: Integers, level: Integers) -> Integers:
    """Return the device a port belongs to: a switch, or the accelerator or a network card of an endpoint.

    Args:
        fabric: Whose cables they are.
        vertex: One for each end of a cable.
        level: Its cable's level.

    Returns:
        The vertex times the devices it may be, plus 0 for a switch or an accelerator, else 1 for a network card on the
        first scale-out fabric, 2 on the second, and so on.
    """
    levels, fabrics = fabric.wiring.levels, fabric.fabrics
    outward = [0 if domain == "scale_up" else 1 + fabrics.index(fabric_of(name)) for domain, name in levels]
    card = np.where(vertex < fabric.wiring.endpoints, np.array(outward, np.int64)[level], 0)
    return (1 + len(fabrics)) * vertex + card


def device_names(fabric: Fabric, owner: Sequence[int]) -> list[str]:
    """Return what devices are called: ``node-0012.acc-3``, ``node-0012.nic-3``, ``leaf-003``.

    Cards of a node are counted from 1, those of the main fabric first.

    Args:
        fabric: Whose they are.
        owner: As :func:`owners` returns them.
    """
    wiring, per_node = fabric.wiring, fabric.shape.accelerators_per_node
    width = numbered(fabric.shape.nodes)
    counted = switch_names(wiring)
    cards = [min(per_node, fabric.cards(name)) for name in fabric.fabrics]
    found: list[str] = []
    for code in owner:
        vertex, which = divmod(code, 1 + len(cards))
        if vertex >= wiring.endpoints:
            found.append(counted[vertex - wiring.endpoints])
            continue
        node, place = divmod(vertex, per_node)
        own = f"acc-{place + 1}"
        if which:
            own = f"nic-{sum(cards[: which - 1]) + place // (per_node // cards[which - 1]) + 1}"
        found.append(f"node-{node + 1:0{width}}.{own}")
    return found


def switch_names(wiring: Wiring) -> list[str]:
    """Return the name of each vertex that is no endpoint: ``leaf-003``, beside the main fabric ``experts-leaf-003``.

    Those of a kind are counted from 1 over the whole cluster. A scale-up domain's switches, and circuit switches that
    take equal shares of every cable, are one device, as in the wiring.
    """
    kinds: list[int] = wiring.kind[wiring.endpoints :].tolist()
    words = [wiring.kinds[kind].replace("/", "-") for kind in kinds]
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
    words = [f"{PREFIX[domain]}-{name.replace('/', '-')}" for domain, name in wiring.levels]
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
