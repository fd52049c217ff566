"""What a pod's switches join is the torus that was asked for, on cubes that are up, and no port is used twice.

Facts protected: a setting's circuits and the copper inside cubes are, as a graph, the torus (or twisted torus) of the
slice, whatever cubes it got; counts are those of TPU v4 (Jouppi et al., ISCA 2023: 48 switches of 128 ports used, 96
fibres a cube). The graph to compare with is built from the lattice alone (Camara et al. 2010).
"""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lightloom.core.errors import StudyError
from lightloom.fabric.pods.circuits import chips, configure, links
from lightloom.fabric.pods.occupancy import Host, Occupancy
from lightloom.fabric.pods.placing import any_cubes, boxes_of, free_box, most_boxes
from lightloom.fabric.pods.pod import Pod, most_cubic
from lightloom.fabric.pods.shapes import SliceShape, can_twist

V4 = Pod(cubes=64)
SHAPES = ["4x4x4", "4x4x8", "8x4x4", "4x4x8:twisted", "8x4x4:twisted", "8x8x4:twisted", "4x8x8:twisted", "8x12x4"]


def lattice_links(shape: SliceShape) -> set[tuple[int, int]]:
    """Links of Z^3 modulo the lattice: a step ahead is the place from which it differs by whole vectors."""
    places = np.array(list(product(*map(range, shape.sides))))
    inverse = np.linalg.inv(np.array(shape.lattice(), float).T)
    found: set[tuple[int, int]] = set()
    for axis in range(3):
        apart = places[:, None] + np.eye(3, dtype=int)[axis] - places
        vectors = apart @ inverse.T
        one, other = np.nonzero((np.abs(vectors - np.rint(vectors)) < 1e-9).all(axis=-1))
        assert len(one) == len(places)
        found |= {
            (min(pair), max(pair)) for pair in zip(one.tolist(), other.tolist(), strict=True) if pair[0] != pair[1]
        }
    return found


def built_links(occupancy: Occupancy, name: str) -> tuple[set[tuple[int, int]], bool]:
    """Return links between places of a slice, and whether any link leaves it."""
    one = occupancy.slice(name)
    where = np.full(occupancy.pod.chips, -1)
    where[chips(occupancy.pod, one).ravel()] = np.arange(one.shape.chips)
    ends = where[np.concatenate(links(configure(occupancy.pod, occupancy.slices)))]
    touching = ends[(ends >= 0).any(axis=1)]
    inside = np.sort(touching[(touching >= 0).all(axis=1)], axis=1)
    return {(int(a), int(b)) for a, b in inside}, len(inside) < len(touching)


@pytest.mark.parametrize("text", SHAPES)
def test_circuits_and_copper_make_the_torus_on_whatever_cubes(text: str) -> None:
    shape = SliceShape.parse(text)
    crowded = Occupancy(V4).allocate("first", SliceShape.parse("4x8x12")).allocate("second", SliceShape.parse("4x4x8"))
    crowded = crowded.release("first").fail([Host(0), Host(3, 15)]).allocate("slice", shape)
    found, leaves = built_links(crowded, "slice")
    assert found == lattice_links(shape)
    assert not leaves


@pytest.mark.parametrize(
    ("edge", "text"), [(1, "1x1x2:twisted"), (1, "1x3x2"), (2, "2x2x4:twisted"), (2, "2x4x6"), (3, "3x6x6:twisted")]
)
def test_cubes_of_other_edges_make_the_same_tori(edge: int, text: str) -> None:
    shape = SliceShape.parse(text)
    occupancy = Occupancy(Pod(cubes=30, edge=edge)).allocate("slice", shape)
    assert built_links(occupancy, "slice") == (lattice_links(shape), False)


def test_the_twist_is_the_published_lattice() -> None:
    assert SliceShape.parse("4x4x8:twisted").lattice() == ((4, 0, 4), (0, 4, 4), (0, 0, 8))
    assert SliceShape.parse("4x8x8:twisted").lattice() == ((4, 4, 4), (0, 8, 0), (0, 0, 8))


steps = st.lists(
    st.one_of(
        st.tuples(st.just("allocate"), st.sampled_from(SHAPES)),
        st.tuples(st.just("release"), st.integers(0, 5)),
        st.tuples(st.just("fail"), st.integers(0, 15)),
        st.tuples(st.just("repair"), st.integers(0, 15)),
    ),
    max_size=14,
)


@settings(deadline=None, max_examples=60)
@given(steps, st.sampled_from([any_cubes, free_box]))
def test_no_cube_has_two_slices_or_a_dead_host_and_no_port_two_circuits(history: list, placer: object) -> None:
    occupancy = Occupancy(Pod(cubes=16, grid=(2, 2, 4)), placer=placer)
    for number, (step, what) in enumerate(history):
        if step == "allocate":
            try:
                occupancy = occupancy.allocate(str(number), SliceShape.parse(what))
            except StudyError:
                continue
        elif step == "release" and what < len(occupancy.slices):
            occupancy = occupancy.release(occupancy.slices[what].name)
        elif step in ("fail", "repair"):
            occupancy = getattr(occupancy, step)([Host(what)]).heal()
        used = np.concatenate([one.cubes for one in occupancy.slices] or [np.zeros(0, np.int64)])
        assert len(set(used.tolist())) == len(used)
        assert occupancy.up[used].all()
        out = configure(occupancy.pod, occupancy.slices).of_switches()
        assert out.shape == (48, 16)
        for switch in out:
            lit = switch[switch >= 0]
            assert len(set(lit.tolist())) == len(lit)
            assert set(lit.tolist()) == set(np.flatnonzero(switch >= 0).tolist()) == set(used.tolist())


def test_circuits_replace_the_dead_cube_alone() -> None:
    before = Occupancy(V4).allocate("a", SliceShape.parse("8x8x8")).allocate("b", SliceShape.parse("4x4x8:twisted"))
    after = before.fail([Host(3)]).heal()
    assert after.slice("a").cubes.tolist() == [0, 1, 2, 10, 4, 5, 6, 7]
    assert after.slice("b").cubes.tolist() == before.slice("b").cubes.tolist()
    old, new = (configure(V4, each.slices) for each in (before, after))
    assert old.changed(new) == 6 * 16  # on each axis one circuit into the new cube and one out of it, at 16 places


def test_a_slice_without_room_after_a_failure_is_released() -> None:
    full = Occupancy(Pod(cubes=8)).allocate("a", SliceShape.parse("8x8x8"))
    assert full.fail([Host(5, 2)]).heal().slices == ()


def test_boxes_of_a_full_axis_are_counted_once() -> None:
    assert len(boxes_of((4, 4, 4), (4, 4, 4))) == 1
    assert len(boxes_of((4, 4, 4), (1, 1, 2))) == 3 * 64
    assert len(boxes_of((4, 4, 4), (2, 2, 4))) == 3 * 16
    assert len(boxes_of((2, 2, 2), (1, 1, 3))) == 0


@settings(deadline=None, max_examples=25)
@given(st.sets(st.integers(0, 17), max_size=12), st.sampled_from([(1, 1, 2), (1, 1, 3), (1, 2, 2), (1, 2, 3)]))
def test_most_boxes_is_the_most_by_trying(down: set[int], sides: tuple[int, int, int]) -> None:
    pod = Pod(cubes=18, grid=(2, 3, 3))
    free = np.ones(18, np.bool_)
    free[list(down)] = False

    def by_trying(left: frozenset[int], boxes: list[frozenset[int]]) -> int:
        usable = [box for box in boxes if box <= left]
        if not usable:
            return 0
        cube = min(set.union(*map(set, usable)))
        here = [box for box in usable if cube in box]
        return max(by_trying(left - {cube}, usable), *(1 + by_trying(left - box, usable) for box in here))

    boxes = [frozenset(box.tolist()) for box in boxes_of(pod.grid or (0, 0, 0), sides)]
    up = frozenset(np.flatnonzero(free).tolist())
    if len(up) <= 12:
        assert most_boxes(pod, free, sides) == by_trying(up, boxes)
    assert most_boxes(pod, free, sides) <= len(up) // (sides[0] * sides[1] * sides[2])


def test_counts_are_those_of_the_pod_as_built() -> None:
    assert (V4.chips, V4.switches, V4.ports_used, V4.fibres, V4.hosts_per_cube) == (4096, 48, 128, 6144, 16)
    copper, optical = links(configure(V4, Occupancy(V4).allocate("all", SliceShape.parse("16x16x16")).slices))
    assert len(copper) == 64 * V4.copper_links_per_cube
    assert 2 * len(optical) == V4.fibres


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("5x4x4", "multiples of 4", "nearest 4x4x4, 8x4x4"),
        ("16x16x32", "128 cubes, the pod has 64", "nearest 8x16x32, 16x16x16"),
        ("4x4x4:twisted", "only n x n x 2n and n x 2n x 2n", "nearest 4x4x8:twisted, 4x8x8:twisted"),
    ],
)
def test_impossible_shapes_name_the_nearest(text: str, message: str, hint: str) -> None:
    fault = SliceShape.parse(text).fault(V4)
    assert fault
    assert message in fault.message
    assert fault.hint == hint


@pytest.mark.parametrize("cubes", [1, 2, 16, 64, 300])
def test_shapes_that_can_be_twisted_are_all_proposed(cubes: int) -> None:
    every = SliceShape.parse("8x8x8").nearest(Pod(cubes=cubes), cubes, cubes**3)
    some = SliceShape.parse("8x8x8:twisted").nearest(Pod(cubes=cubes), cubes, cubes**3)
    assert [shape.sides for shape in some] == [shape.sides for shape in every if can_twist(shape.sides)]


def test_a_pod_too_small_for_any_twist_says_so() -> None:
    fault = SliceShape.parse("4x4x4:twisted").fault(Pod(cubes=1))
    assert fault
    assert fault.hint == "take more cubes"


@pytest.mark.parametrize("text", ["4x4", "0x4x4", "4x4x4:twist", "axbxc", "4x4x99999999"])
def test_what_is_no_shape_is_told_how_one_is_written(text: str) -> None:
    with pytest.raises(StudyError, match="such as 8x8x16 or 4x4x8:twisted"):
        SliceShape.parse(text)


def test_a_full_pod_names_what_still_fits() -> None:
    pod = Pod(cubes=8)
    busy = Occupancy(pod).allocate("a", SliceShape.parse("4x8x8"))
    with pytest.raises(StudyError, match=r"8 cubes, 4 are free; nearest 4x8x8, 4x4x8"):
        busy.allocate("b", SliceShape.parse("8x8x8"))
    boxed = Occupancy(pod, placer=free_box).fail([Host(0), Host(7)])
    with pytest.raises(StudyError, match=r"4 cubes, 6 are free, not side by side; nearest 4x4x8"):
        boxed.allocate("c", SliceShape.parse("4x8x8"))


def test_switches_too_small_and_odd_grids_are_told() -> None:
    faults = Pod(cubes=144, grid=(4, 4, 4)).faults(128, "palomar")
    assert [fault.hint for fault in faults] == ["at most 64 cubes, or a larger switch", "such as 4x6x6"]
    assert most_cubic(36) == (3, 3, 4)
    with pytest.raises(StudyError) as refused:
        Occupancy(V4).fail([Host(64), Host(1, 16)])
    assert [fault.hint for fault in refused.value.faults] == ["hosts of a cube are 0 to 15", "cubes are 0 to 63"]
