"""Networks from files are what the files say, in every format, and no file can do harm.

Protects: the same network drawn as a list of edges, a table, GraphML and NetBox's cables is one graph; rates, lengths
and counts are kept; each fault has its line; document types, entities, other files, deep nesting and broken bytes are
refused. Sources: graphml.graphdrawing.org; NetBox's API and export (github.com/netbox-community/netbox, dcim).
"""

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lightloom.core.errors import Fault, StudyError
from lightloom.fabric.drawings import reading
from lightloom.fabric.drawings.drawing import Drawing, DrawnJoin, in_order
from lightloom.fabric.drawings.reading import read_drawing
from lightloom.fabric.topologies.custom import Custom

CABLES = [
    ("gpu-1", "leaf-1", "400 Gb/s", 3),
    ("gpu-2", "leaf-1", "400 Gb/s", 3),
    ("gpu-10", "leaf-2", "400 Gb/s", 3),
    ("leaf-1", "leaf-2", "800 Gb/s", 20),
]


def interface(device: str, **others: object) -> dict[str, Any]:
    number = {"gpu-1": 1, "gpu-2": 2, "gpu-10": 3, "leaf-1": 4, "leaf-2": 5}.get(device, 9)
    fields = {"id": 7, "name": "et0", "device": {"id": number, "name": device, "display": device}, **others}
    return {"object_type": "dcim.interface", "object_id": 7, "object": fields}


def netbox(cables: list[dict[str, Any]], **others: object) -> str:
    return json.dumps({"count": len(cables), "next": None, "previous": None, "results": cables, **others}, indent=1)


def now() -> str:
    """Return the cables as NetBox's API lists them from 3.3 on."""
    return netbox(
        [
            {
                "id": number,
                "a_terminations": [interface(a, type={"value": f"{rate.split()[0]}gbase-x-qsfpdd"})],
                "b_terminations": [interface(b)],
                "status": {"value": "connected"},
                "length": length,
                "length_unit": {"value": "m", "label": "Meters"},
            }
            for number, (a, b, rate, length) in enumerate(CABLES)
        ]
    )


def before() -> str:
    """Return them as it did before; speeds are in kb/s."""
    sides = [
        {f"termination_{side}_type": "dcim.interface", f"termination_{side}": interface(name, speed=speed)["object"]}
        for a, b, rate, _ in CABLES
        for side, name, speed in (("a", a, int(rate.split()[0]) * 10**6), ("b", b, None))
    ]
    pairs = zip(sides[0::2], sides[1::2], CABLES, strict=True)
    return netbox([{"id": 1, **a, **b, "length": row[3] * 100, "length_unit": "cm"} for a, b, row in pairs])


def graphml() -> str:
    names = dict.fromkeys(name for a, b, *_ in CABLES for name in (a, b))
    nodes = [f'<node id="{name}"><data key="k">{name.partition("-")[0]}</data></node>' for name in sorted(names)]
    edges = [
        f'<edge source="{a}" target="{b}"><data key="r">{rate}</data><data key="l">{length} m</data></edge>'
        for a, b, rate, length in CABLES
    ]
    keys = [("k", "node", "role"), ("r", "edge", "speed"), ("l", "edge", "length")]
    declared = [f'<key id="{name}" for="{what}" attr.name="{word}" attr.type="string"/>' for name, what, word in keys]
    lines = ['<graphml xmlns="http://graphml.graphdrawing.org/xmlns">', *declared]
    return "\n".join([*lines, '<graph edgedefault="undirected">', *nodes, *edges, "</graph>", "</graphml>"])


FORMS: dict[str, str] = {
    "net.txt": "# by hand\n" + "\n".join(f"{a} {b} {rate} {length} m  # as built" for a, b, rate, length in CABLES),
    "net.csv": "a,b,Rate,Length\n" + "\n".join(f"{a},{b},{rate},{length} m" for a, b, rate, length in CABLES),
    "side.csv": "side_a_device,side_a_type,side_a_name,side_b_device,side_b_type,speed,length,length_unit\n"
    + "\n".join(f"{a},dcim.interface,et0,{b},dcim.interface,{rate},{n},m" for a, b, rate, n in CABLES),
    "export.csv": '"ID","Device A","Device B","Rate","Length"\n'
    + "\n".join(f'{n},"{a}","{b}","{rate}","{length} m"' for n, (a, b, rate, length) in enumerate(CABLES)),
    "now.json": now(),
    "before.json": before(),
    "net.graphml": graphml(),
}


def read(folder: Path, name: str, content: str | bytes) -> Drawing:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_drawing(path, name)


def faults(folder: Path, name: str, content: str | bytes) -> tuple[Fault, ...]:
    with pytest.raises(StudyError) as refused:
        read(folder, name, content)
    assert all(fault.file == name for fault in refused.value.faults)
    return refused.value.faults


@pytest.mark.parametrize("name", FORMS)
def test_one_network_is_the_same_graph_in_every_format(tmp_path: Path, name: str) -> None:
    drawing = read(tmp_path, name, FORMS[name])
    topology = Custom(drawing=drawing, terminals="gpu-*")
    graph = topology.graph()
    assert (graph.terminals, graph.vertices, graph.links) == (3, 5, 4)
    assert graph.levels == ("400 Gb/s", "800 Gb/s")
    assert [topology.level_rate(level) for level in graph.levels] == [50e9, 100e9]
    lengths = topology.lengths(graph)
    assert lengths is not None
    assert sorted(lengths) == pytest.approx([3, 3, 3, 20])
    assert lengths[graph.level == 1] == pytest.approx([20])
    if name != "net.graphml":
        assert drawing.names == ("gpu-1", "gpu-2", "gpu-10", "leaf-1", "leaf-2")


def test_roles_say_which_vertices_are_endpoints(tmp_path: Path) -> None:
    graph = Custom(drawing=read(tmp_path, "net.graphml", graphml())).graph()
    assert (graph.terminals, graph.vertices) == (3, 5)


def test_the_first_so_many_may_be_endpoints_and_cables_of_a_server_are_dealt_out(tmp_path: Path) -> None:
    drawing = read(tmp_path, "net.txt", "0 2 4\n1 2 4\n2 3 8")
    assert Custom(drawing=drawing, terminals=2).graph().terminals == 2
    split = Custom(drawing=drawing, terminals=2, per_terminal=4).graph()
    assert (split.terminals, split.vertices) == (8, 10)
    assert np.bincount(split.ends.ravel())[:8].tolist() == [1] * 8
    assert split.capacity.sum() == 16


def test_two_directions_of_a_directed_graph_are_one_cable(tmp_path: Path) -> None:
    text = '<graphml><graph edgedefault="directed"><node id="x"/><node id="y"/>'
    text += '<edge source="x" target="y"/><edge source="y" target="x"/><edge source="x" target="y"/></graph></graphml>'
    assert [join.cables for join in read(tmp_path, "net.graphml", text).joins] == [1, 1]


def test_power_consoles_and_cables_being_taken_away_are_left_alone(tmp_path: Path) -> None:
    power = [{"object_type": "dcim.powerport", "object": {"device": {"id": 1, "name": "gpu-1"}}}]
    gone = {"id": 3, "a_terminations": [interface("x")], "b_terminations": [interface("y")]}
    kept = {"id": 4, "a_terminations": [interface("gpu-1")], "b_terminations": [interface("leaf-1")]}
    cables = [{"id": 2, "a_terminations": power, "b_terminations": power}, gone | {"status": "decommissioning"}, kept]
    assert read(tmp_path, "net.json", netbox(cables)).names == ("gpu-1", "leaf-1")


def test_a_breakout_shares_its_rate(tmp_path: Path) -> None:
    fast, slow = {"type": {"value": "800gbase-x-osfp"}}, {"type": {"value": "200gbase-x-qsfp56"}}
    ends = [interface(f"gpu-{number}", **slow) for number in (1, 2)]
    cable = {"id": 1, "a_terminations": [interface("leaf-1", **fast)], "b_terminations": ends}
    joins = read(tmp_path, "net.json", netbox([cable])).joins
    assert [(join.a, join.b, join.rate) for join in joins] == [("leaf-1", f"gpu-{n}", 25e9) for n in (1, 2)]


WRONG: list[tuple[str, str, int, str]] = [
    ("net.txt", "a b\nc c", 2, "'c' is joined to itself"),
    ("net.txt", "a b\nc", 2, "joined to nothing"),
    ("net.txt", "a b 0", 1, "no count of cables"),
    ("net.txt", "a b 1.5", 1, "no count of cables"),
    ("net.txt", "a b 99999999", 1, "no count of cables"),
    ("net.txt", "a b 400 Gbps 1 2", 1, "neither cables, rate nor length"),
    ("net.txt", "a b 5 parsec", 1, "not a length"),
    ("net.txt", "a b -5 m", 1, "range of a length"),
    ("net.txt", "a b 400 Yb/s", 1, "not a bandwidth"),
    ("net.txt", "a\x07 b", 1, "is no name"),
    ("net.txt", "", 0, "nothing is joined"),
    ("net.csv", "x,y\na,b", 1, "no columns"),
    ("net.csv", "a,b,rate\nu,v,400", 2, "has no unit"),
    ("net.csv", "a,b\nu,", 2, "has no name"),
    ("net.csv", "termination_a_type,termination_a_id,termination_b_type,termination_b_id\n", 1, "no columns"),
    ("net.csv", "side_a_device,side_a_type,side_b_device,side_b_type\nu,dcim.frontport,v,dcim.interface", 2, "panel"),
    ("net.graphml", '<graphml><graph><node id="x"/>\n<node id="x"/></graph></graphml>', 2, "there already"),
    (
        "net.graphml",
        '<graphml><graph><node id="x"/>\n<edge source="x" target="y"/></graph></graphml>',
        2,
        "none of the",
    ),
    ("net.graphml", '<graphml><graph><node id="x"/><hyperedge/></graph></graphml>', 1, "hyperedge"),
    ("net.graphml", "<graphml></graphml>", 1, "no graph"),
    ("net.graphml", "<graphml><graph>", 1, "not XML"),
    ("net.json", '{"results": [\n{"id": 1', 2, "not JSON"),
    ("net.json", '{"results": [\n4]}', 2, "an object of fields"),
    ("net.json", '{"results": []}', 1, "no cable"),
    (
        "net.json",
        '{"next": "https://x/?offset=50", "results": [{"id": 1, "status": "decommissioning"}]}',
        1,
        "one page",
    ),
    ("net.json", '[{"id": 8, "a_terminations": [], "b_terminations": []}]', 1, "cable 8 has an open end"),
    ("net.json", '[\n\n{"id": 8, "a_terminations": [{"object_type": "dcim.rearport"}]}]', 3, "ends at 'dcim.rearport'"),
]


@pytest.mark.parametrize(("name", "text", "line", "message"), WRONG)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, name: str, text: str, line: int, message: str) -> None:
    found = faults(tmp_path, name, text)
    assert any(message in fault.message and (fault.line or 0) == line for fault in found), found


def test_everything_wrong_comes_at_once(tmp_path: Path) -> None:
    found = faults(tmp_path, "net.txt", "a a\nb\nc d x\ne f 1 m 2 m")
    assert [fault.line for fault in found] == [1, 2, 3, 4]


def test_two_devices_of_one_name_are_told_apart(tmp_path: Path) -> None:
    twice = interface("leaf-1")
    twice["object"]["device"]["id"] = 99
    cables = [{"id": 1, "a_terminations": [interface("gpu-1")], "b_terminations": [end]} for end in ("leaf-1", twice)]
    cables[0]["b_terminations"] = [interface("leaf-1")]
    assert "two devices, 4 and 99, are called 'leaf-1'" in faults(tmp_path, "net.json", netbox(cables))[0].message


LAUGHS = '<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>\n<graphml><graph>&b;</graph></graphml>'
HOSTILE = {
    "entities": ("net.graphml", LAUGHS.encode(), "document type"),
    "another file": ("net.graphml", b'<!DOCTYPE g SYSTEM "file:///etc/passwd"><graphml/>', "document type"),
    "nested XML": ("net.graphml", b"<a>" * 100_000, "nested"),
    "nested JSON": ("net.json", b"[" * 200_000, "nested"),
    "long number": ("net.json", b'[{"id": ' + b"1" * 10_000 + b"}]", "number too long"),
    "unknown encoding": ("net.graphml", b'<?xml version="1.0" encoding="rot13"?><graphml/>', "file"),
    "bytes": ("net.txt", b"a b\n\xff\xfe", "UTF-8"),
    "bytes in a table": ("net.csv", b"a,b\n\x00,c", ""),
    "bytes in XML": ("net.graphml", bytes(range(256)), "not XML"),
}


@pytest.mark.parametrize("which", HOSTILE)
def test_hostile_files_are_refused(tmp_path: Path, which: str) -> None:
    name, content, message = HOSTILE[which]
    assert any(message in fault.message for fault in faults(tmp_path, name, content))


def test_a_file_too_large_or_no_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "SIZE_LIMIT", 10)
    assert "larger" in faults(tmp_path, "net.txt", "a b\nc d\ne f\n")[0].message
    with pytest.raises(StudyError, match="not a regular file"):
        read_drawing(tmp_path, "folder")
    with pytest.raises(StudyError, match="cannot read"):
        read_drawing(tmp_path / "absent.txt", "absent.txt")


def test_too_many_vertices_or_cables_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lightloom.fabric.drawings.sheet.MOST_JOINS", 3)
    assert "more than 3 cables" in faults(tmp_path, "net.txt", "a b\n" * 5)[-1].message
    monkeypatch.setattr("lightloom.fabric.drawings.sheet.MOST_VERTICES", 2)
    assert "more than 2 vertices" in faults(tmp_path, "net.graphml", graphml())[-1].message


@pytest.mark.parametrize("name", FORMS)
def test_no_change_of_a_file_does_more_than_be_refused(tmp_path: Path, name: str) -> None:
    draws = np.random.default_rng(5)
    whole = FORMS[name].encode()
    changes: list[Callable[[bytearray, int], None]] = [
        lambda text, at: text.__setitem__(at, int(draws.integers(256))),
        lambda text, at: text.__delitem__(slice(at, at + int(draws.integers(1, 40)))),
        lambda text, at: text.__setitem__(slice(at, at), text[: int(draws.integers(60))]),
    ]
    for turn in range(120):
        text = bytearray(whole)
        changes[turn % 3](text, int(draws.integers(len(whole))))
        with suppress(StudyError):
            Custom(drawing=read(tmp_path, name, bytes(text)), terminals="gpu-*").known()


def test_names_are_ordered_as_people_number_things() -> None:
    names = ["leaf-10", "leaf-9", "a", "10", "9", "gpu", "gpu-1", "9b"]
    assert sorted(names, key=in_order) == ["9", "9b", "10", "a", "gpu", "gpu-1", "leaf-9", "leaf-10"]


def test_a_network_in_two_pieces_names_the_smaller() -> None:
    joins = [DrawnJoin(a=f"gpu-{number}", b=f"leaf-{number // 3}") for number in range(7)]
    topology = Custom(drawing=Drawing(joins=(*joins, DrawnJoin(a="leaf-0", b="leaf-1"))), terminals="gpu-*")
    with pytest.raises(StudyError, match="1 of 7 terminals cannot reach 'gpu-0': 'gpu-6'"):
        topology.graph()
