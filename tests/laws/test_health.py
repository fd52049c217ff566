"""Counting what is up: from a probability, from a trace, and from faults made up.

Facts protected: sums over the number of servers down are the means over which of them are down (against trying every
set); a trace's overlapping faults count once; both file formats give the same trace; made-up faults have the published
statistics. Sources: the definitions of Jouppi et al., ISCA 2023, figure 4, and of Shou et al., "InfiniteHBD", SIGCOMM
2025; statistics of InfiniteHBD-Trace.
"""

import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lightloom.core.errors import StudyError
from lightloom.fabric.health.downtime import Downtime, block_availability, promised_pool, ring_breaks
from lightloom.fabric.health.fault_files import DAY, HOUR, read_trace
from lightloom.fabric.health.faults import FaultTrace
from lightloom.fabric.health.generator import FaultStatistics, generate


def trace(*faults: tuple[int, float, float]) -> FaultTrace:
    server, start, end = zip(*faults, strict=True)
    return FaultTrace.of(np.array(server), np.array(start), np.array(end))


@settings(deadline=None, max_examples=30)
@given(st.integers(1, 7), st.floats(0.0, 1.0), st.integers(1, 7), st.data())
def test_sums_over_how_many_are_means_over_which(servers: int, up: float, size: int, data: st.DataObject) -> None:
    domain = data.draw(st.integers(1, servers))
    counted = Downtime.independent(servers, up)
    pool = slots = group = waste = 0.0
    for states in product((True, False), repeat=servers):
        healthy = np.array(states)
        chance = up ** healthy.sum() * (1 - up) ** (~healthy).sum()
        pool += chance * (healthy.sum() // size)
        slots += chance * sum(healthy[place : place + size].all() for place in range(0, servers - size + 1, size))
        group += chance * healthy[:size].all() * (size <= servers)
        waste += chance * (healthy[:domain].sum() % size) / domain
    assert counted.share.sum() == pytest.approx(1.0)
    assert counted.pool(size) == pytest.approx(pool * size / servers, abs=1e-12)
    assert counted.slots(size) == pytest.approx(slots * size / servers, abs=1e-12)
    assert counted.group_up(size) == pytest.approx(group, abs=1e-12)
    assert counted.wasted(domain, size) == pytest.approx(waste, abs=1e-12)
    assert counted.mean_down_share == pytest.approx(1 - up, abs=1e-12)


def test_circuits_keep_most_of_a_pod_usable_and_fixed_wiring_hardly_any() -> None:
    """Slices of 1024 chips in TPU v4 at 99 % of hosts up: 0.747 against 0.076 of the pod."""
    cubes = Downtime.independent(64, float(block_availability(0.99, 16)))
    assert cubes.pool(16) == pytest.approx(0.747, abs=5e-4)
    assert cubes.slots(16) == pytest.approx(0.076, abs=5e-4)
    assert [promised_pool(64, size, float(block_availability(0.99, 16))) for size in (16, 32, 48)] == [0.75, 0.5, 0.75]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9), st.integers(0, 5)), min_size=1, max_size=8))
def test_a_server_is_down_once_however_many_of_its_faults_are_open(faults: list[tuple[int, int, int]]) -> None:
    faults = [*faults, (0, 0, 12)]
    one = trace(*((server, float(start), float(start + lasts)) for server, start, lasts in faults))
    down = one.downtime(6)
    hours = [
        len({server for server, start, lasts in faults if start <= hour < start + lasts})
        for hour in range(int(one.span))
    ]
    expected = np.bincount(hours, minlength=7) / len(hours)
    np.testing.assert_allclose(down.share, expected, atol=1e-12)
    assert down.most_down == max(hours)


def test_faults_that_touch_are_one_and_servers_are_numbered_as_they_come() -> None:
    one = trace((7, 0.0, 2.0), (3, 1.0, 1.0), (7, 2.0, 5.0), (7, 8.0, 9.0))
    assert one.server.tolist() == [0, 1, 0, 0]
    server, start, end = one.outages()
    assert list(zip(server.tolist(), start.tolist(), end.tolist(), strict=True)) == [
        (0, 0.0, 5.0), (0, 8.0, 9.0), (1, 1.0, 1.0)
    ]  # fmt: skip
    assert one.downtime(2).down_at(0.5) == 1
    assert one.downtime(2).down_at(1 / 3) == 0


def test_more_servers_than_failed_are_needed() -> None:
    with pytest.raises(StudyError, match="2 servers failed of 1"):
        trace((0, 0.0, 1.0), (1, 0.0, 1.0)).downtime(1)
    with pytest.raises(StudyError, match="covers no time"):
        trace((0, 0.0, 0.0)).downtime(1)


def test_a_ring_breaks_where_a_run_of_failures_begins() -> None:
    assert ring_breaks(400, reach=np.array([1, 2]), down=0.02) == pytest.approx(
        [400 * 0.98 * 0.02, 400 * 0.98 * 0.0004]
    )


TABLE = (
    "server,start_h,end_h,level,class\na,1.5,3,Hardware Failure,GPU\nb,2,2,Other Failure,Unknown Error\na,2,24,x,y\n"
)
"""Made up, in the columns of a table."""


def event(node: str, hours: float, what: str, described: str) -> dict[str, object]:
    kind = {"Level": "Hardware Failure", "Class": "NIC", "Desc": described}
    return {"node_id": node, "event_time": hours / 24, "event_type": what, "fault_type": kind}


EVENTS = [
    event("a", 1.5, "fault_start", "lost"),
    event("b", 2, "fault_start", "lost"),
    event("a", 2, "fault_start", "slow"),
    event("b", 2, "fault_end", "lost"),
    event("a", 3, "fault_end", "lost"),
    event("a", 24, "fault_end", "slow"),
]
"""The same faults, as InfiniteHBD-Trace writes them."""


def test_tables_and_events_are_read_alike(tmp_path: Path) -> None:
    (tmp_path / "faults.csv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "faults.json").write_text(json.dumps(EVENTS), encoding="utf-8")
    table, events = (read_trace(tmp_path / name) for name in ("faults.csv", "faults.json"))
    assert table.server.tolist() == events.server.tolist() == [0, 1, 0]
    np.testing.assert_allclose(table.start, events.start, rtol=1e-12)
    np.testing.assert_allclose(table.end, events.end, rtol=1e-12)
    assert table.end.max() == DAY
    assert len(table.outages()[0]) == 2


def test_what_never_ends_is_open_until_the_last_event(tmp_path: Path) -> None:
    (tmp_path / "open.json").write_text(json.dumps(EVENTS[:5]), encoding="utf-8")
    assert (read_trace(tmp_path / "open.json").end / HOUR).tolist() == pytest.approx([3, 2, 3])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("server,start_h\n1,2\n", "1: the table has no column end_h"),
        ("server,start_h,end_h\n1,5,2\n,1,2\n", "2: the fault ends at 2 h, before it starts at 5 h"),
        ("server,start_h,end_h\n1,nan,2\n", "2: start_h is 'nan'; write hours"),
        ("server,start_h,end_h\n1,2\n", "2: end_h is ''; write hours"),
        ("server,start_h,end_h\n", "the trace holds no fault"),
        ("[]", "the trace holds no fault"),
        ("[1", "is not JSON"),
        ("[1]", "event 1"),
        ('{"events": 3}', "list"),
        (json.dumps([EVENTS[3]]), "event 1: a fault ends that has not started"),
        (json.dumps([{**EVENTS[0], "event_type": "start"}]), "event 1, event_type"),
        (json.dumps([{**EVENTS[0], "event_time": -1}]), "event 1: event_time is not a number of days"),
    ],
)
def test_a_trace_that_cannot_be_read_says_where(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "trace"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StudyError) as refused:
        read_trace(path)
    assert message in str(refused.value)


def test_missing_and_unreadable_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="no such file"):
        read_trace(tmp_path / "none")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(StudyError, match="not text in UTF-8"):
        read_trace(tmp_path / "binary")


def test_made_up_faults_have_the_published_statistics() -> None:
    """400 servers, 231 that failed, 584 faults, 2.3 % down, median 20.4 h and mean 132.8 h: means of forty traces."""
    known = FaultStatistics()
    assert known.down_share == pytest.approx(0.02315, rel=1e-3)
    many = [generate(seed=seed) for seed in range(40)]
    assert np.mean([one.faults for one in many]) == pytest.approx(584, rel=0.05)
    assert np.mean([one.servers_failed for one in many]) == pytest.approx(231, rel=0.05)
    assert np.mean([np.median(one.duration) for one in many]) / HOUR == pytest.approx(20.4, rel=0.1)
    assert np.mean([one.downtime(400).mean_down_share for one in many]) == pytest.approx(0.0223, rel=0.15)
    assert np.mean([np.percentile(one.duration, 99) for one in many]) > 10 * np.mean(
        [one.duration.mean() for one in many]
    ), "a heavy tail"


def test_made_up_faults_are_the_same_for_the_same_seed_and_grow_with_the_cluster() -> None:
    first, again, other = generate(seed=1), generate(seed=1), generate(seed=2)
    assert (first.start == again.start).all()
    assert len(first.start) != len(other.start) or (first.start != other.start).any()
    assert generate(servers=40_000, seed=1).faults == pytest.approx(100 * 584, rel=0.05)
    even = FaultStatistics(servers_failed=400, faults=4000)
    assert generate(even).servers_failed > 390
