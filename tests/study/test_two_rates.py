"""Studies of which hosts and uplinks are of different rates, end to end.

Protects: at the same capacity a step takes as long, but for the latency of cables, of which there are half as many;
answers say the rate of every level; a scalar and a mapping are one entry where studies extend each other; faults stand
at the line of the rate. Source: the arithmetic of a box of 51.2 Tb/s, 64 x 800 or 128 x 400 Gb/s (Broadcom Tomahawk 5).
"""

from pathlib import Path
from typing import Any

import pytest

import lightloom as ll
from lightloom.study.design import design_of

EXAMPLE = Path(__file__).parents[2] / "examples" / "two_rates.yaml"
KEY = "fabric.scale_out.link_rate"
DRAGONFLY = "{topology: dragonfly, switch: tomahawk-5, routers: 2, global_ports: 1, hosts: 86"


def level(found: dict[str, Any], name: str) -> dict[str, Any]:
    return next(each for each in found["network"] if (each["domain"], each["level"]) == ("scale_out", name))


def answer(*sets: str) -> dict[str, Any]:
    """Evaluate the example with leaves of two nodes, so that experts meet above them."""
    clos = ("fabric.scale_out.topology=clos", "fabric.scale_out.hosts_per_leaf=16")
    return ll.evaluate(ll.load(EXAMPLE, [*clos, *sets])).to_dict()


def test_as_much_capacity_in_half_the_cables_takes_as_long() -> None:
    fast, slow = answer(), answer(f"{KEY}=400 Gb/s")
    assert level(fast, "leaf")["cables"] * 2 == level(slow, "leaf")["cables"] == 32 * 16
    assert level(fast, "host")["cables"] == level(slow, "host")["cables"] == 512
    assert [level(each, "leaf")["rate_bps"] for each in (fast, slow)] == [800e9, 400e9]
    assert {each["rate_bps"] for each in level(fast, "leaf")["products"]} == {800e9}
    assert all(each["ends"][0].startswith("800g") for each in level(fast, "leaf")["products"])
    assert level(fast, "leaf")["bytes_per_step_per_accelerator"] > 0
    assert fast["step"]["time_s"] == pytest.approx(slow["step"]["time_s"], rel=1e-4), "cables differ in latency"


def test_half_the_capacity_takes_as_long_whatever_its_cables() -> None:
    full, half, slow = (
        answer(*sets, "fabric.scale_out.oversubscription=" + taper)
        for taper, sets in (("1", ()), ("8", ()), ("8", (f"{KEY}=400 Gb/s",)))
    )
    assert (level(half, "leaf")["cables"], level(slow, "leaf")["cables"]) == (32, 64)
    assert half["step"]["time_s"] == pytest.approx(slow["step"]["time_s"], rel=1e-4)
    assert half["step"]["time_s"] > 1.01 * full["step"]["time_s"]


def test_what_is_shown_says_rates_and_ports() -> None:
    shown = ll.show_fabric(ll.load(EXAMPLE)).to_dict()
    out = next(each for each in shown["networks"] if each["domain"] == "scale_out")
    assert [(row["level"], row["rate_bps"], row["oversubscription"]) for row in out["levels"]] == [
        ("host", 400e9, None),
        ("leaf", 800e9, 1.0),
    ]
    ports = {row["tier"]: (row["ports_used"], row["ports_free"]) for row in out["switches"]}
    assert ports == {"leaf": (8 * 96, 0), "spine": (4 * 64, 0)}
    assert sum(row["count"] for row in shown["cables"] if row["rate_bps"] == 800e9) == 256


def test_a_scalar_is_all_levels_and_a_mapping_sets_its_own(tmp_path: Path) -> None:
    file = tmp_path / "more.yaml"
    head = f"extends: {EXAMPLE}\nfabric:\n  scale_out:\n"
    file.write_text(head + "    link_rate: {leaf: 200 Gb/s}\n", encoding="utf-8")
    wiring = design_of(ll.load(file)).fabric.wiring
    outside = [wiring.levels.index(("scale_out", name)) for name in ("host", "leaf")]
    assert [float(wiring.rate[wiring.level == index].max()) for index in outside] == [50e9, 25e9]
    file.write_text(head + "    link_rate: 800 Gb/s\n", encoding="utf-8")
    with pytest.raises(ll.StudyError) as refused:
        design_of(ll.load(file))
    (fault,) = refused.value.faults
    assert (fault.key, fault.file, fault.line) == (KEY, str(file), 4)
    assert "write link_rate: {leaf: 800 Gb/s}" in (fault.hint or "")


def test_routers_of_two_rates_have_as_many_ports_left_as_fit() -> None:
    """86 hosts and a local link of 400, a global one of 800: of 128 ports of 400 Gb/s 128 - 87 - 2 are left."""
    rates = "link_rate: {local: 400 Gb/s, global: 800 Gb/s, host: null, leaf: null}, levels: null}"
    shown = ll.show_fabric(ll.load(EXAMPLE, [f"fabric.scale_out={DRAGONFLY}, {rates}"])).to_dict()
    out = next(each for each in shown["networks"] if each["domain"] == "scale_out")
    (routers,) = out["switches"]
    assert routers["ports_used"] == 512 + 6 * 2
    assert routers["ports_free"] == 6 * (128 - 1 - 2) - 512
    assert next(row["rate_bps"] for row in out["levels"] if row["level"] == "mesh") is None
