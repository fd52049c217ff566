"""Studies on networks without tiers, end to end: what the busiest link carries, what is bought, and what is refused.

Protects loads counted by hand: six routers of a small dragonfly are a ring, a HyperX of 3 x 2 is six routers with three
and two links, a cube of eight has half of all pairs across each axis. Source: the constructions; shortest paths split
evenly; every accelerator's card and every link at the rates the study states.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import lightloom as ll
from lightloom.collectives.algorithm import Pattern
from lightloom.engine.reach import measure
from lightloom.fabric.measures.ecmp import loads
from lightloom.fabric.measures.hops import hops
from lightloom.fabric.topologies.slim_fly import SlimFly
from lightloom.study.design import design_of

STUDY = """\
name: eight billion on a direct network
model: llama-3.1-8b
recipe:
  sequence: 8192
  batch: {batch} sequences
  parallel: {{tensor: 8, pipeline: 1, data: {data}}}
  micro_batch: 1
  precision: bf16
  sharding: zero-1
  stack: megatron-core
cluster: {{accelerator: h100-sxm-80gb, count: {count}, node: dgx-h100}}
job: {count}
fabric:
  scale_up: {scale_up}
  scale_out: {scale_out}
"""
UP, OUT = 14, 15
"""Lines of the two networks."""
NODE = "{topology: switched, domain: 8, link: nvlink4}"
CARD = 50e9
"""Of one accelerator, bytes/s."""
DRAGONFLY = "{topology: dragonfly, switch: tomahawk-5, routers: 2, global_ports: 1, hosts: 8}"
HYPERX = "{topology: hyperx, switch: tomahawk-5, dims: [3, 2], hosts: 8}"
SLIM_FLY = "{topology: slim-fly, switch: tomahawk-5, q: 3, hosts: 8}"
TORUS = "{topology: torus, switch: tomahawk-5, dims: [3, 2], hosts: 8}"
CUBE = "{topology: torus, dims: [2, 2, 2], links: {mesh: nvlink4}}"


def written(path: Path, scale_out: str, *, count: int = 48, scale_up: str = NODE) -> Path:
    file = path / "direct.yaml"
    text = STUDY.format(count=count, data=count // 8, batch=count * 2, scale_up=scale_up, scale_out=scale_out)
    file.write_text(text, encoding="utf-8")
    return file


def answer(file: Path, *sets: str) -> dict[str, Any]:
    return ll.evaluate(ll.load(file, sets)).to_dict()


def level(found: dict[str, Any], domain: str, name: str) -> dict[str, Any]:
    return next(each for each in found["network"] if (each["domain"], each["level"]) == (domain, name))


def busiest(file: Path, pattern: Pattern, group: int, column: str, *sets: str) -> float:
    """Seconds the busiest link needs while every rank sends one byte to all others of its group on a pattern."""
    scenario = ll.load(file, sets)
    reach = measure(design_of(scenario).fabric, scenario.count, [((group, 1),)], patterns=(pattern,))
    return float(reach.seconds_per_byte[0, pattern, reach.levels.index(column)])


def everyone(file: Path, *sets: str) -> float:
    count = ll.load(file, sets).count
    return busiest(file, Pattern.REMOTE_ALL_TO_ALL, count, "scale_out.mesh", *sets)


def test_a_dragonfly_of_three_groups_of_two_is_a_ring_of_six(tmp_path: Path) -> None:
    """9 links from a router to the five others, over 12 directed links: 4.5 times what a router sends to another."""
    between = 8 * 8 / 40
    assert everyone(written(tmp_path, DRAGONFLY)) == pytest.approx(4.5 * between / CARD)


def test_the_short_axis_of_a_hyperx_carries_three_pairs(tmp_path: Path) -> None:
    """Its own pair, and half of four more that differ on both axes."""
    assert everyone(written(tmp_path, HYPERX)) == pytest.approx(3 * (8 * 8 / 40) / CARD)
    assert everyone(written(tmp_path, TORUS)) == pytest.approx(3 * (8 * 8 / 40) / CARD), "three are a ring of three"


def test_a_slim_fly_carries_what_its_distances_say(tmp_path: Path) -> None:
    """18 routers of five links; five others are one link away, twelve two."""
    graph = SlimFly(q=3).graph()
    assert hops(graph).total == 18 * (5 + 2 * 12)
    found = everyone(written(tmp_path, SLIM_FLY, count=144)) * CARD / (8 * 8 / 136)
    assert found == pytest.approx(loads(graph).busiest)
    assert hops(graph).total / 90 <= found <= 2 * hops(graph).total / 90


def test_a_cube_of_accelerators_has_half_of_all_pairs_across_each_axis(tmp_path: Path) -> None:
    """Four links an axis, 16 pairs across it each way: four pairs a link, of a third of an accelerator's bandwidth."""
    file = written(tmp_path, DRAGONFLY, scale_up=CUBE)
    found = busiest(file, Pattern.LOCAL_ALL_TO_ALL, 8, "scale_up.mesh")
    assert found == pytest.approx(4 / 7 / (450e9 / 3))


@pytest.mark.parametrize(
    ("scale_out", "scale_up", "count", "cables"),
    [
        (DRAGONFLY, NODE, 48, 3 + 3),
        (HYPERX, NODE, 48, 2 * 3 + 3),
        (TORUS, NODE, 48, 6 + 3),
        (SLIM_FLY, NODE, 144, 18 * 5 // 2),
        (DRAGONFLY, CUBE, 48, 3 + 3),
    ],
)
def test_a_job_runs_and_pays_for_its_cables(
    tmp_path: Path, scale_out: str, scale_up: str, count: int, cables: int
) -> None:
    found = answer(written(tmp_path, scale_out, count=count, scale_up=scale_up))
    assert found["feasible"]
    assert found["step"]["time_s"] > 0
    assert level(found, "scale_out", "mesh")["cables"] == cables
    assert level(found, "scale_out", "host")["cables"] == count
    if scale_up == CUBE:
        assert level(found, "scale_up", "mesh")["cables"] == 12 * count // 8
    clos = answer(written(tmp_path, "{topology: clos, switch: tomahawk-5, hosts_per_leaf: 8}", count=count))
    if scale_up == NODE:
        assert found["step"]["time_s"] >= clos["step"]["time_s"], "nothing beats a fabric that never blocks"


def test_routing_changes_what_the_busiest_link_carries_and_the_ideal_is_never_slower(tmp_path: Path) -> None:
    file = written(tmp_path, HYPERX)
    times = {name: everyone(file, f"fabric.scale_out.routing={name}") for name in ("ecmp", "weighted", "valiant")}
    times |= {name: everyone(file, f"fabric.scale_out.routing={name}") for name in ("adaptive", "dimension-order")}
    assert times["weighted"] == pytest.approx(times["ecmp"])
    assert times["valiant"] > times["ecmp"]
    assert all(times["adaptive"] <= each * (1 + 1e-9) for each in times.values())


def test_faster_global_links_carry_more_and_are_bought_as_such(tmp_path: Path) -> None:
    file, rates = written(tmp_path, DRAGONFLY), "fabric.scale_out.link_rate={local: 400 Gb/s, global: 800 Gb/s}"
    assert everyone(file, rates) == pytest.approx(everyone(file)), "the local links are as busy as before"
    both = "fabric.scale_out.link_rate={local: 800 Gb/s, global: 800 Gb/s}"
    assert everyone(file, both) == pytest.approx(everyone(file) / 2)
    assert everyone(file, both) == everyone(file, "fabric.scale_out.link_rate=800 Gb/s")
    products = level(answer(file, rates), "scale_out", "mesh")["products"]
    count = {rate: sum(each["cables"] for each in products if each["ends"][0].startswith(rate)) for rate in ("4", "8")}
    assert count == {"4": 3, "8": 3}


def test_a_rate_for_some_levels_leaves_the_rest_what_is_left(tmp_path: Path) -> None:
    """A cube's accelerator has 450 GB/s: 250 GB/s along x leave 100 for y and for z."""
    cube = CUBE.replace("]", "], link_rate: {x: 2000 Gb/s}", 1)
    found = ll.load(written(tmp_path, DRAGONFLY, scale_up=cube))
    mesh = design_of(found).fabric.levels[1].mesh
    assert mesh is not None
    assert set(np.rint(mesh.ground.graph.capacity * 1e-9).tolist()) == {250.0, 100.0}


DF = "{topology: dragonfly, switch: tomahawk-5, routers: 2, global_ports: 1"
REFUSALS = [
    ("{topology: slim-fly, switch: tomahawk-5, q: 28}", NODE, "scale_out.q", "28 is no prime power", "27 and 29", OUT),
    (DF + ", hosts: 127}", NODE, "scale_out.hosts", "129 ports", "126 at most", OUT),
    (DF + ", hosts: 4}", NODE, "scale_out.hosts", "join 24, not 48", "hosts: 8 at least", OUT),
    (DF + ", groups: 4}", NODE, "scale_out.groups", "do not share out evenly", "the nearest is 3", OUT),
    (HYPERX, CUBE.replace("2, 2, 2", "3, 3"), "scale_up", "48 endpoints are not whole graphs of 9", "45 or 54", UP),
    ("{topology: torus, dims: [4, 4]}", NODE, "scale_out", "48 network cards are not the 16", "hosts: 3", OUT),
    (
        "{topology: full-mesh, switch: tomahawk-5, nodes: 130, hosts: 1}",
        NODE,
        "scale_out.switch",
        "1 hosts and 129 links are 130 ports",
        "a switch of 130 ports at least, or a graph of at most 127 links each",
        OUT,
    ),
    (
        "{topology: edge-list, switch: tomahawk-5, vertices: 2, edges: []}",
        NODE,
        "scale_out.edges",
        "lists no",
        "one",
        OUT,
    ),
    (DF + ", link_rate: {lokal: 400 Gb/s}}", NODE, "scale_out.link_rate.lokal", "no links called", "'local'", OUT),
    (DF + ", link_rate: {local: 9 Tb/s}}", NODE, "scale_out.switch", "no port as fast", "faster", OUT),
    (
        HYPERX,
        CUBE.replace("]", "], link_rate: 1300 Gb/s", 1),
        "scale_up.link_rate",
        "3900 Gb/s in all",
        "1200 Gb/s",
        UP,
    ),
]


@pytest.mark.parametrize(("scale_out", "scale_up", "key", "message", "hint", "line"), REFUSALS)
def test_what_cannot_be_is_refused_at_its_line_with_what_can(
    tmp_path: Path, scale_out: str, scale_up: str, key: str, message: str, hint: str, line: int
) -> None:
    file = written(tmp_path, scale_out, scale_up=scale_up)
    with pytest.raises(ll.StudyError) as refused:
        answer(file)
    (fault,) = refused.value.faults
    assert (fault.key, fault.file, fault.line) == (f"fabric.{key}", str(file), line)
    assert message in fault.message
    assert hint in fault.hint


def test_a_graph_with_hosts_of_its_own_is_not_told_to_have_more(tmp_path: Path) -> None:
    shape = "{topology: dragonfly-plus, switch: tomahawk-5, hosts_per_leaf: 1, leaves: 2, spines: 2, global_ports: 1}"
    with pytest.raises(ll.StudyError, match="48 network cards are not the 6 vertices") as refused:
        answer(written(tmp_path, shape, scale_up=NODE))
    assert refused.value.faults[0].hint == "take a shape of as many"


def test_faults_of_both_networks_come_at_once(tmp_path: Path) -> None:
    file = written(tmp_path, DF + ", groups: 4}", scale_up="{topology: torus, dims: [1, 1]}")
    with pytest.raises(ll.StudyError) as refused:
        answer(file)
    assert [fault.key for fault in refused.value.faults] == ["fabric.scale_up.dims", "fabric.scale_out.groups"]


RING = "".join(f"router-{number} router-{(number + 1) % 6}\n" for number in range(6))
DRAWN = "{topology: custom, file: nets/ring.txt, switch: tomahawk-5, hosts: 8}"


def drawing(folder: Path, text: str, name: str = "ring.txt") -> Path:
    (folder / "nets").mkdir(exist_ok=True)
    (folder / "nets" / name).write_text(text, encoding="utf-8")
    return folder / "nets" / name


def test_a_ring_drawn_in_a_file_is_the_dragonfly_that_is_a_ring(tmp_path: Path) -> None:
    drawing(tmp_path, RING)
    file = written(tmp_path, DRAWN)
    assert everyone(file) == pytest.approx(4.5 * 8 * 8 / 40 / CARD)
    found = answer(file)
    assert level(found, "scale_out", "mesh")["cables"] == 6
    assert found["feasible"]


def test_the_content_of_a_drawing_is_what_counts_and_not_where_it_lies(tmp_path: Path) -> None:
    drawing(tmp_path, RING)
    one = ll.load(written(tmp_path, DRAWN))
    drawing(tmp_path, "# the same, otherwise\n" + RING, "other.csv").write_text(
        "a,b\n" + RING.replace(" ", ","), encoding="utf-8"
    )
    other = ll.load(written(tmp_path, DRAWN.replace("ring.txt", "other.csv")))
    assert (one.hash, one.fabric) == (other.hash, other.fabric)
    drawing(tmp_path, RING.replace("router-5 router-0", "router-5 router-0 2"))
    assert ll.load(written(tmp_path, DRAWN)).hash != one.hash


def test_servers_leaves_and_spines_of_a_drawing_run_as_they_are_joined(tmp_path: Path) -> None:
    """Six servers of eight cards, each card to a leaf of its own rail, rails joined at 800 Gb/s by one spine."""
    rails = [f"server-{server} leaf-{rail}" for server in range(6) for rail in range(8)]
    spine = [f"leaf-{rail} spine 3 800 Gb/s 25 m" for rail in range(8)]
    drawing(tmp_path, "\n".join([*rails, *spine]), "rails.txt")
    file = written(
        tmp_path,
        "{topology: custom, file: nets/rails.txt, switch: tomahawk-5, terminals: server-*, per_terminal: 8}",
    )
    found = level(answer(file), "scale_out", "mesh")
    assert found["cables"] == 48 + 24
    assert found["length_m"]["max"] == 25.0
    assert {each["cables"]: each["ends"][0][:4] for each in found["products"]}[24] == "800g"
    assert busiest(file, Pattern.RAIL_ALL_TO_ALL, 48, "scale_out.mesh") == pytest.approx(1 / CARD), "within rails"
    beyond = everyone(file)
    assert beyond == pytest.approx(1 / CARD), "six cards of 400 Gb/s under three links of 800"
    drawing(tmp_path, "\n".join([*rails, *(line.replace(" 3 ", " 1 ") for line in spine)]), "rails.txt")
    assert everyone(file) == pytest.approx(6 * 7 / 8 / 100e9), "seven of eight bytes leave their rail, over one link"


def test_faults_of_a_drawing_come_with_those_of_the_study(tmp_path: Path) -> None:
    path = drawing(tmp_path, "a b\nb b\nc\n")
    file = written(tmp_path, DRAWN)
    file.write_text(file.read_text(encoding="utf-8").replace("job: 48", "job: 64"), encoding="utf-8")
    with pytest.raises(ll.StudyError) as refused:
        ll.load(file)
    found = [(fault.file, fault.line) for fault in refused.value.faults]
    assert {(str(path), 2), (str(path), 3)} <= set(found)
    assert any(place == str(file) for place, _ in found)


def test_a_drawing_that_is_not_there_is_told_where_it_is_named(tmp_path: Path) -> None:
    with pytest.raises(ll.StudyError) as refused:
        ll.load(written(tmp_path, DRAWN))
    (fault,) = refused.value.faults
    assert (fault.key, fault.line) == ("fabric.scale_out.file", OUT)
    assert "there is no file" in fault.message


def test_pieces_of_a_drawing_are_told_where_it_is_named(tmp_path: Path) -> None:
    drawing(tmp_path, "a b\nc d\n")
    with pytest.raises(ll.StudyError) as refused:
        answer(written(tmp_path, DRAWN))
    (fault,) = refused.value.faults
    assert (fault.key, fault.line) == ("fabric.scale_out.file", OUT)
    assert "2 of 4 terminals cannot reach 'a': 'c', 'd'" in fault.message
