"""The topologies that ship as the best found are what their file says.

Facts protected: load and bound of every one, computed anew from its parameters; the load at 64 and 128 nodes with every
node as a source; none is below the Moore bound or above the tori; each has a command, and the command finds it.
"""

import shlex
from dataclasses import replace

import pytest
from click.testing import CliRunner

from lightloom.cli.main import lightloom
from lightloom.fabric.measures.flow import all_to_all
from lightloom.fabric.measures.hops import hops
from lightloom.fabric.measures.moore import all_to_all_bound
from lightloom.fabric.synthesis.stored import Stored, stored
from lightloom.fabric.synthesis.tori import rectangular, twisted
from lightloom.study.questions.synthesis import synthesize
from lightloom.study.questions.synthesis_question import SynthesisQuestion

QUICK = 1024
"""Nodes up to which a programme of one source takes a fraction of a second; of a pod, a quarter of that."""


def each(least: int = 0, most: int = 1 << 20) -> pytest.MarkDecorator:
    rows = [
        pytest.param(
            one,
            id=f"{one.nodes}{'-pod' if one.pod else ''}",
            marks=pytest.mark.slow if one.nodes * (4 if one.pod else 1) > QUICK else (),
        )
        for one in stored()
        if least <= one.nodes <= most
    ]
    return pytest.mark.parametrize("one", rows)


@each()
def test_load_and_bound_are_as_shipped(one: Stored) -> None:
    topology = one.family().checked()
    assert (topology.nodes, topology.degree) == (one.nodes, one.degree)
    graph = topology.graph()
    assert hops(graph).total / (one.nodes * one.degree) == pytest.approx(one.bound, rel=1e-8)
    assert all_to_all(graph).load == pytest.approx(one.load, rel=1e-8)


@pytest.mark.slow
@each(most=128)
def test_every_node_as_a_source_gives_the_same(one: Stored) -> None:
    plain = replace(one.family().graph(), automorphisms=())
    assert all_to_all(plain).load == pytest.approx(one.load, rel=1e-8)


@each()
def test_it_lies_between_the_bound_and_the_tori(one: Stored) -> None:
    torus, turned = rectangular(one.nodes, one.degree), twisted(one.nodes, one.degree)
    assert torus is not None
    assert all_to_all_bound(one.nodes, one.degree) <= one.bound * (1 + 1e-8)
    assert one.bound <= one.load * (1 + 1e-8)
    assert one.load <= torus.known()["all_to_all"]
    if turned is not None and one.nodes <= QUICK:
        assert one.load < all_to_all(turned.graph()).load


@each()
def test_only_what_a_pod_makes_is_called_so(one: Stored) -> None:
    assert one.family().of_pod == (one.family().cube_rule(4) == "")
    assert one.family().of_pod == one.pod
    assert one.how.startswith(f"lightloom fabric synthesize --nodes {one.nodes} ")
    assert ("--pod" in one.how) == one.pod
    assert "--fresh" in one.how


def test_there_is_one_of_every_power_of_two_from_64_to_4096() -> None:
    sizes = [64 << place for place in range(7)]
    for pod in (False, True):
        assert [one.nodes for one in stored() if one.pod == pod] == sizes


@pytest.mark.slow
@each(most=128)
def test_its_command_finds_it_again(one: Stored) -> None:
    words = dict(zip(*[iter(word for word in shlex.split(one.how)[3:] if word not in ("--pod", "--fresh"))] * 2))  # noqa: B905 # pairs
    question = SynthesisQuestion(
        one.nodes, candidates=int(words["--candidates"]), seed=int(words["--seed"]), pod=one.pod, fresh=True
    )
    assert synthesize(question).topology == one.family()
    assert CliRunner().invoke(lightloom, shlex.split(one.how)[1:]).exit_code == 0
