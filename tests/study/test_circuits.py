"""Who sets the circuits of a study, and what packet switches beside them do.

Protects: the default is once per job; changes that computation hides whole never lose against circuits set once, since
each phase then has the best ones for it; a change in sight of every phase costs; a section without circuits, or a
setting that its scheduler does not know, is refused at its line; a hybrid core stands between its two kinds.
"""

from pathlib import Path

import pytest

from lightloom.core.errors import StudyError
from lightloom.study.evaluate import evaluate
from lightloom.study.load import load
from lightloom.study.scenario import Scenario

CROSSING = {"fabric.scale_out.pod": 512, "recipe.order": ["tensor", "data", "pipeline"]}
"""Both the sends between stages and the exchange of gradients cross pods, and want different circuits."""

PACKET = {"kind": "packet", "switch": None}


@pytest.fixture(scope="module")
def study() -> Scenario:
    return load("llama3-405b-16k-ocs").replace(CROSSING)


def seconds(study: Scenario, circuits: object) -> float:
    step = evaluate(study.replace({"circuits": circuits})).step
    assert step is not None
    return float(step["time_s"])


def test_circuits_are_set_once_for_the_job_unless_a_study_says_otherwise(study: Scenario) -> None:
    step = evaluate(study).step
    assert step is not None
    assert step["time_s"] == seconds(study, "once-per-job")


def test_changes_cost_unless_computation_hides_them(study: Scenario) -> None:
    once = seconds(study, "once-per-job")
    times = [seconds(study, {"scheduler": "per-phase", "hidden": f"{hidden} ms"}) for hidden in (0, 20, 1000)]
    assert times == sorted(times, reverse=True)
    assert times[0] > once > times[-1]


def test_a_longer_outage_makes_changes_dearer(study: Scenario) -> None:
    slow, quick = (study.replace({"fabric.scale_out.core.outage": each}) for each in ("100 ms", "10 us"))
    for kind in ("per-phase", "birkhoff", "greedy-min-max"):
        assert seconds(slow, kind) > seconds(quick, kind)
    assert seconds(slow, "once-per-job") == seconds(quick, "once-per-job")


def test_nothing_changes_where_all_phases_want_the_same() -> None:
    """In the built-in study only gradients cross pods, by one ring: it never waits for a change."""
    alone = load("llama3-405b-16k-ocs")
    assert seconds(alone, "per-phase") == seconds(alone, "once-per-job")


def test_slots_of_a_rotor_are_neither_short_beside_a_change_nor_long_beside_a_message(study: Scenario) -> None:
    """Pods of 256 have fewer uplinks than there are other pods, so that they must turn."""
    changing = study.replace({"fabric.scale_out.core.outage": "10 us", "fabric.scale_out.pod": 256})
    short, middle, long = (
        seconds(changing, {"scheduler": "rotor", "slot": slot}) for slot in ("1 us", "100 us", "10 ms")
    )
    assert middle < min(short, long)


@pytest.mark.parametrize(
    ("changes", "key", "says"),
    [
        ({"circuits": {"scheduler": "per-phase", "regime": "fixed-fek"}}, "circuits.regime", "fixed-fec"),
        ({"circuits": "rotors"}, "circuits.scheduler", "rotor"),
        ({"circuits": {"scheduler": "per-phase", "slot": "1 us"}}, "circuits.slot", "known: hidden, regime"),
        ({"circuits": {"scheduler": "rotor", "slot": "0 s"}}, "circuits.slot", "more than 0"),
        (
            {"fabric.scale_out.core": PACKET, "circuits": "rotor"},
            "circuits",
            "no circuits to set",
        ),
    ],
)
def test_what_no_scheduler_knows_is_refused_at_its_line(
    study: Scenario, changes: dict[str, object], key: str, says: str
) -> None:
    with pytest.raises(StudyError) as refused:
        evaluate(study.replace(changes))
    (fault,) = refused.value.faults
    assert fault.key == key
    assert says in f"{fault.message} {fault.hint}"


def test_a_line_of_a_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "study.yaml"
    path.write_text("extends: llama3-405b-16k-ocs\nname: mine\ncircuits: {scheduler: per-phase, regime: nobody}\n")
    with pytest.raises(StudyError) as refused:
        evaluate(load(path))
    assert [(fault.line, fault.key) for fault in refused.value.faults] == [(3, "circuits.regime")]


def test_a_hybrid_core_shares_traffic_out_over_both_kinds(study: Scenario) -> None:
    hybrid = study.replace({"fabric.scale_out.core.kind": "hybrid"})
    answer = evaluate(hybrid)
    rows = {row.level: row for row in answer.network if row.domain == "scale_out"}
    whole = {row.level: row for row in evaluate(study).network if row.domain == "scale_out"}["aggregation"]
    both = rows["aggregation"], rows["circuit"]
    sent = sum(row.bytes_per_step_per_accelerator for row in both)
    assert sent == pytest.approx(whole.bytes_per_step_per_accelerator)
    assert all(row.bytes_per_step_per_accelerator > 0 for row in both)
    assert rows["circuit"].cables == pytest.approx(rows["aggregation"].cables / 2)  # one link is two legs


def test_circuits_and_what_shares_their_traffic_are_worth_what_both_are() -> None:
    """A core that takes half of what leaves use holds experts up; one kind made faster would take of the other's."""
    thin = load("qwen3-235b-256").replace(
        {
            "recipe.order": ["tensor", "pipeline", "context", "data"],
            "fabric.scale_out.topology": "clos",
            "fabric.scale_out.oversubscription": 2,
        }
    )
    worth: dict[str, dict[str, float]] = {}
    for kind in ("packet", "circuit", "hybrid"):
        answer = evaluate(thin.replace({"fabric.scale_out.core": {"kind": kind}}))
        worth[kind] = {row.level: row.exposed_s for row in answer.network if row.domain == "scale_out"}
        assert answer.step is not None
        assert answer.balance is not None
        assert 0.3 * answer.step["exposed_s"]["expert"] < worth[kind]["leaf"]
        assert not any(text.startswith(("scale_out.leaf", "scale_out.circuit")) for text in answer.balance.hidden)
    assert worth["hybrid"]["leaf"] == worth["hybrid"]["circuit"]
    assert worth["hybrid"]["leaf"] == pytest.approx(worth["packet"]["leaf"], rel=2e-3)


def test_a_step_that_waits_for_changes_says_so() -> None:
    """Once per job takes 30 s and birkhoff 2,091: no faster level helps, and computation hides nothing of that."""
    changing = load("qwen3-235b-256").replace(
        {
            "recipe.order": ["tensor", "pipeline", "context", "data"],
            "fabric.scale_out.topology": "clos",
            "fabric.scale_out.core": {"kind": "circuit"},
        }
    )
    once, often = (evaluate(changing.replace({"circuits": kind})) for kind in ("once-per-job", "birkhoff"))
    assert once.balance is not None
    assert often.balance is not None
    assert "circuits to change" not in " ".join(once.balance.hidden)
    told = [text for text in often.balance.hidden if text.startswith("scale_out.")]
    assert len(told) == 3
    assert all("2.06e+03 s of the step wait for circuits to change" in text for text in told)


def test_more_of_the_uplinks_at_circuits_are_fewer_at_packet_switches(study: Scenario) -> None:
    cables = [
        {row.level: row.cables for row in evaluate(study.replace({"fabric.scale_out.core": core})).network}
        for core in ({"kind": "hybrid", "circuit_share": 0.25}, {"kind": "hybrid", "circuit_share": 0.75})
    ]
    assert cables[0]["circuit"] < cables[1]["circuit"]
    assert cables[0]["aggregation"] > cables[1]["aggregation"]
    totals = [each["aggregation"] + 2 * each["circuit"] for each in cables]
    assert totals[0] == totals[1]


def test_a_share_that_leaves_one_kind_without_links_is_refused(study: Scenario) -> None:
    with pytest.raises(StudyError) as refused:
        evaluate(study.replace({"fabric.scale_out.core": {"kind": "hybrid", "circuit_share": 0.001}}))
    assert [fault.key for fault in refused.value.faults] == ["fabric.scale_out.core.circuit_share"]
    with pytest.raises(StudyError) as refused:
        evaluate(study.replace({"fabric.scale_out.core": {"kind": "circuit", "circuit_share": 0.5}}))
    assert "hybrid" in refused.value.faults[0].hint
