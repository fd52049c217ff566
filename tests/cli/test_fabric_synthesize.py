"""The verb ``fabric synthesize``: what a person and a program are told of a topology that was searched for.

Facts protected: at 128 nodes of six links the circulant C128(1, 8, 54), load 70.67, and the twisted torus 4x4x8, 73.33
(both worked out elsewhere), are beaten, and so is the latter by what a pod makes; the list of links written out is the
network that ``topology: custom`` reads; same words, same answer; refusals name the nearest that is possible; text fits
80 columns.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

import lightloom as ll
from lightloom.cli.main import lightloom
from lightloom.fabric.drawings.reading import read_drawing
from lightloom.fabric.graph import Graph
from lightloom.fabric.measures.flow import all_to_all
from lightloom.fabric.measures.hops import hops
from lightloom.fabric.synthesis.families import FAMILIES
from lightloom.fabric.topologies.custom import Custom

VERB = ["fabric", "synthesize"]


def asked(*arguments: str) -> dict[str, Any]:
    done = CliRunner().invoke(lightloom, [*VERB, *arguments, "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def refusals(*arguments: str) -> list[str]:
    done = CliRunner().invoke(lightloom, [*VERB, *arguments, "--json"])
    assert done.exit_code == 2, done.output
    return [f"{each['key']}: {each['message']}; {each['hint']}" for each in json.loads(done.stdout)["errors"]]


def test_128_nodes_beat_the_circulant_and_the_twisted_torus() -> None:
    answer = asked("--nodes", "128", "--candidates", "2000", "--fresh")
    assert answer["best"]["load"] < 60
    assert answer["moore"]["load"] == pytest.approx(56.5)
    assert answer["recheck"]["load"] == pytest.approx(answer["best"]["load"], rel=1e-9)
    gains = {row["name"]: row["load"] for row in answer["against"]}
    assert gains == pytest.approx({"torus 4x4x8": 128.0, "twisted torus 4x4x8": 220 / 3})
    assert not answer["wiring"]["cubes"]["possible"]
    edges = np.array(answer["best"]["edges"])
    graph = Graph.of({"node": 128}, {"link": edges})
    assert (graph.degree == 6).all()
    assert len(np.unique(edges, axis=0)) == 384
    assert hops(graph).total / 768 == pytest.approx(answer["best"]["distance_bound"])


def test_a_pod_makes_better_than_twisted_tori() -> None:
    answer = asked("--nodes", "128", "--pod", "--candidates", "300", "--fresh")
    assert 71 < answer["best"]["load"] < 220 / 3
    assert answer["wiring"]["cubes"] == {"edge": 4, "possible": True, "reason": ""}
    assert (answer["wiring"]["banks"], answer["wiring"]["ports_needed"]) == (48, 4)


def test_same_words_same_answer_and_python_gives_it_too() -> None:
    words = ["--nodes", "30", "--degree", "4", "--candidates", "200", "--seed", "3"]
    first = asked(*words)
    assert asked(*words) == first
    assert json.loads(json.dumps(ll.synthesize(30, 4, candidates=200, seed=3).to_dict())) == first


def test_the_list_of_links_is_a_network_that_custom_reads(tmp_path: Path) -> None:
    out = tmp_path / "net.txt"
    words = [*VERB, "--nodes", "20", "--degree", "5", "--candidates", "200", "--out", str(out)]
    done = CliRunner().invoke(lightloom, words)
    assert done.exit_code == 0, done.output
    assert f"written: {out}" in done.output.replace("\n", "")
    network = Custom(drawing=read_drawing(out, out.name)).graph()
    found = ll.synthesize(20, 5, candidates=200).judged
    assert (network.terminals, network.links) == (20, 50)
    assert all_to_all(network).load == pytest.approx(found.load, rel=1e-9)
    again = CliRunner().invoke(lightloom, words)
    assert again.exit_code == 2
    assert "left as it is" in again.output


def test_the_impossible_is_refused_with_the_nearest() -> None:
    assert refusals("--nodes", "27", "--degree", "3") == [
        "degree: 27 nodes of 3 links each have half a link left over; take 26 or 28 nodes, or a degree of 2 or 4"
    ]
    assert refusals("--nodes", "8", "--degree", "8") == [
        "degree: 8 nodes have 2 to 7 neighbours each, not 8; the nearest is 7"
    ]
    assert refusals("--nodes", "1000000") == ["nodes: 1000000 is not a count from 3 to 8192; the nearest is 8192"]
    assert refusals("--nodes", "8192", "--degree", "100") == [
        "degree: 8192 nodes of 100 links each are too many to solve; at 8192 nodes, a degree of at most 48"
    ]
    many = refusals("--nodes", "2", "--candidates", "0", "--seed", "-1", "--for", "gossip", "--family", "metacylic")
    assert [fault.split(":")[0] for fault in many] == ["nodes", "candidates", "seed", "traffic", "families"]
    assert "did you mean 'metacyclic'" in many[-1]
    assert "such as 128 nodes" in refusals("--nodes", "100", "--pod")[0]
    assert "cube-lattice" in refusals("--nodes", "128", "--pod", "--family", "circulant")[0]
    assert refusals("--nodes", "9", "--degree", "4", "--family", "metacyclic")[0].endswith("look in all of them")
    assert "palomar" in refusals("--nodes", "12", "--switch", "palomarr")[0]


def test_a_file_of_another_format_or_that_is_there_is_refused_before_the_search(tmp_path: Path) -> None:
    there = tmp_path / "there.txt"
    there.write_text("mine", encoding="utf-8")
    refused = {tmp_path / "net.json": ".txt", there: "left as it is", tmp_path / "no" / "net": "no folder"}
    for file, why in refused.items():
        done = CliRunner().invoke(lightloom, [*VERB, "--nodes", "12", "--out", str(file)])
        assert done.exit_code == 2
        assert why in done.output
    assert there.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("words", [["--nodes", "128"], ["--nodes", "64", "--pod"], ["--nodes", "20", "--degree", "3"]])
def test_tables_fit_a_terminal(words: list[str]) -> None:
    done = CliRunner().invoke(lightloom, [*VERB, *words, "--candidates", "100", "--fresh"])
    assert done.exit_code == 0, done.output
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert "…" not in done.stdout


def test_a_search_finds_no_less_than_what_is_shipped_and_says_so() -> None:
    answer = asked("--nodes", "64", "--candidates", "1")
    assert answer["search"]["shipped"]
    assert answer["best"]["load"] == pytest.approx(24.5)
    assert answer["moore"]["gap_share"] == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_may_be_asked_for_alone(family: str) -> None:
    nodes = {"cube-lattice": "64", "cube-circuits": "128", "generalised-kautz": "12"}.get(family, "18")
    words = ["--nodes", nodes, "--family", family, "--candidates", "50", "--fresh"]
    assert asked(*words)["best"]["family"] == family
