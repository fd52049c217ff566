"""The five built-in studies answer by the contract, and show what they were chosen to show.

Facts protected: every key of the contract ``evaluation/1`` with its type; totals are the sums of their rows; the same
study gives the same bytes in every process; a level for every kind of cable; the dense job hides most of its scale-out
traffic and the mixture of experts cannot, nor does an optical scale-up domain leave it waiting; where prices are
estimates, the verdict says tie. Sources: the contract of the answer; the Llama 3 paper, table 4 (380 to 430 TFLOP/s an
accelerator); Megatron-LM MoE model zoo (19.7 s a step, held within 20 % by the validation).
"""

import json
import math
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema
import pytest

import lightloom as ll

DENSE, CPO, OCS = "llama3-405b-16k", "llama3-405b-16k-cpo", "llama3-405b-16k-ocs"
MOE, SCALE_UP = "qwen3-235b-256", "qwen3-235b-256-scaleup"
STUDIES = (DENSE, CPO, OCS, MOE, SCALE_UP)

TEXT, NUMBER, WHOLE, TRUTH = {"type": "string"}, {"type": "number"}, {"type": "integer"}, {"type": "boolean"}
ZERO_UP = {"type": "number", "minimum": 0}
SHARE = {"type": "number", "minimum": 0, "maximum": 1}


def thing(**properties: Any) -> dict[str, Any]:
    """Return the schema of an object that has these keys at least."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def listed(item: dict[str, Any], least: int = 0) -> dict[str, Any]:
    """Return the schema of a list."""
    return {"type": "array", "items": item, "minItems": least}


def every(value: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of an object with any keys."""
    return {"type": "object", "additionalProperties": value, "minProperties": 1}


EXPOSED = thing(**dict.fromkeys(("tensor", "context", "pipeline", "expert", "data"), ZERO_UP))
PARTS = thing(**dict.fromkeys(("weights", "gradients", "optimizer", "activations"), ZERO_UP))
PRODUCT = thing(
    ends={"type": "array", "items": TEXT, "minItems": 2, "maxItems": 2},
    cables=WHOLE,
    watts_total=ZERO_UP,
    usd_total=ZERO_UP,
    spec_min=thing(closes=TRUTH, margin_db=NUMBER),
    distribution=thing(closes_share=SHARE, margin_db=thing(p1=NUMBER, p50=NUMBER)),
)
CONTRACT = thing(
    schema={"const": "evaluation/1"},
    scenario=thing(name=TEXT, hash={"type": "string", "pattern": "^[0-9a-f]{64}$"}, version=TEXT, seed=WHOLE),
    feasible={"const": True},
    reasons={"type": "array", "maxItems": 0},
    step=thing(
        time_s=ZERO_UP, compute_s=ZERO_UP, bubble_s=ZERO_UP, optimizer_s=ZERO_UP, input_s=ZERO_UP, exposed_s=EXPOSED
    ),
    throughput=thing(
        tokens_per_s=ZERO_UP,
        tokens_per_s_per_accelerator=ZERO_UP,
        model_flops_per_s_per_accelerator=ZERO_UP,
        mfu=SHARE,
        hfu=SHARE,
        flops_convention=TEXT,
        days_to_train=ZERO_UP,
    ),
    memory=thing(
        worst_stage=WHOLE,
        bytes=ZERO_UP,
        capacity_bytes=ZERO_UP,
        fits={"const": True},
        stages=listed(thing(stage=WHOLE, parts=PARTS), 1),
    ),
    network=listed(
        thing(
            domain={"enum": ["scale_up", "scale_out"]},
            level=TEXT,
            cables=WHOLE,
            length_m=thing(median=ZERO_UP, max=ZERO_UP),
            products=listed(PRODUCT, 1),
            bytes_per_step_per_accelerator=ZERO_UP,
            bytes_per_s_per_accelerator=ZERO_UP,
            exposed_s=ZERO_UP,
        ),
        1,
    ),
    power=thing(
        total_w=ZERO_UP,
        rows=listed(thing(item=TEXT, count=NUMBER, w_each=NUMBER, w_total=ZERO_UP, low=ZERO_UP, high=ZERO_UP), 1),
    ),
    energy=thing(joules_per_token=ZERO_UP, of_which=thing(network=ZERO_UP, optics=ZERO_UP)),
    cost=thing(
        capital_usd=ZERO_UP,
        usd_per_hour=ZERO_UP,
        usd_per_million_tokens=thing(mid=ZERO_UP, low=ZERO_UP, high=ZERO_UP),
        rows=listed(thing(item=TEXT, count=NUMBER, usd_each=NUMBER, usd_total=ZERO_UP), 1),
    ),
    goodput=thing(
        fraction=SHARE,
        mtbf_s=ZERO_UP,
        checkpoint=thing(interval_s=ZERO_UP, bytes=ZERO_UP, write_bytes_per_s=ZERO_UP),
        rows=listed(thing(), 1),
    ),
    balance=thing(binding=TEXT, shares=every(SHARE), elasticity=every(NUMBER), hidden=listed(TEXT)),
    assumptions=listed(TEXT, 1),
    sources=listed(thing(id=TEXT, title=TEXT, where=TEXT), 1),
    warnings=listed(TEXT),
)


@cache
def answer(study: str) -> dict[str, Any]:
    return json.loads(ll.evaluate(ll.load(study)).to_json())


@cache
def verdict() -> tuple[str, ...]:
    return ll.compare([ll.load(study) for study in STUDIES]).verdict


def numbers(value: object) -> Iterator[float]:
    if isinstance(value, dict):
        for entry in value.values():
            yield from numbers(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from numbers(entry)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield value


def scale_out_share(study: str) -> float:
    return answer(study)["balance"]["shares"]["scale_out"]


@pytest.mark.parametrize("study", STUDIES)
def test_answer_keeps_the_contract_and_is_feasible(study: str) -> None:
    jsonschema.validate(answer(study), CONTRACT)
    assert all(math.isfinite(number) for number in numbers(answer(study)))


@pytest.mark.parametrize("study", STUDIES)
def test_totals_are_sums_of_their_rows(study: str) -> None:
    found = answer(study)
    step, power, cost = found["step"], found["power"], found["cost"]
    parts = [step[name] for name in ("compute_s", "bubble_s", "optimizer_s", "input_s")]
    assert sum(parts) + sum(step["exposed_s"].values()) == pytest.approx(step["time_s"], rel=1e-12)
    assert sum(row["w_total"] for row in power["rows"]) == pytest.approx(power["total_w"], rel=1e-12)
    assert all(row["low"] <= row["w_total"] <= row["high"] for row in power["rows"])
    assert sum(row["usd_total"] for row in cost["rows"]) == pytest.approx(cost["capital_usd"], rel=1e-12)
    assert sum(row["usd_per_hour"] for row in cost["per_hour"]) == pytest.approx(cost["usd_per_hour"], rel=1e-9)
    assert sum(found["balance"]["shares"].values()) == pytest.approx(1, rel=1e-9)
    price = cost["usd_per_million_tokens"]
    assert price["low"] < price["mid"] < price["high"]
    for level in found["network"]:
        assert sum(product["cables"] for product in level["products"]) == level["cables"]
        assert level["length_m"]["median"] <= level["length_m"]["max"]
    stages = [sum(stage["parts"].values()) for stage in found["memory"]["stages"]]
    assert max(stages) == pytest.approx(found["memory"]["bytes"], rel=1e-12)
    assert stages.index(max(stages)) == found["memory"]["worst_stage"]


@pytest.mark.parametrize("study", STUDIES)
def test_figures_of_one_answer_agree_with_one_another(study: str) -> None:
    scenario, found = ll.load(study), answer(study)
    tokens = scenario.recipe.batch * scenario.recipe.sequence
    through, job = found["throughput"], scenario.job.accelerators
    assert through["tokens_per_s"] * found["step"]["time_s"] == pytest.approx(tokens, rel=1e-12)
    assert through["tokens_per_s_per_accelerator"] * job == pytest.approx(through["tokens_per_s"], rel=1e-12)
    per_token = float(scenario.model.flops_per_token(float(scenario.recipe.sequence)))
    flops = through["model_flops_per_s_per_accelerator"]
    assert flops == pytest.approx(per_token * through["tokens_per_s_per_accelerator"], rel=1e-12)
    assert flops / through["mfu"] == pytest.approx(scenario.accelerator.peak_bf16.value, rel=1e-12)
    assert through["hfu"] >= through["mfu"]
    days = scenario.recipe.train_for / through["tokens_per_s"] / found["goodput"]["fraction"] / 86400
    assert through["days_to_train"] == pytest.approx(days, rel=1e-12)
    for level in found["network"]:
        sent = level["bytes_per_step_per_accelerator"] / found["step"]["time_s"]
        assert level["bytes_per_s_per_accelerator"] == pytest.approx(sent, rel=1e-12)
        assert level["exposed_s"] <= found["step"]["time_s"]


@pytest.mark.slow
def test_two_processes_write_the_same_bytes() -> None:
    script = "import lightloom as ll, sys\nfor one in sys.argv[1:]: print(ll.evaluate(ll.load(one)).to_json())"
    written = [
        subprocess.run(
            [sys.executable, "-c", script, *STUDIES],
            check=True,
            capture_output=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    ]
    assert written[0] == written[1]


@pytest.mark.parametrize(
    ("study", "levels"),
    [
        (DENSE, ["scale_up.host", "scale_out.host", "scale_out.leaf", "scale_out.aggregation"]),
        (OCS, ["scale_up.host", "scale_out.host", "scale_out.leaf", "scale_out.aggregation"]),
        (MOE, ["scale_up.host", "scale_out.host", "scale_out.leaf"]),
    ],
)
def test_every_level_with_cables_is_listed(study: str, levels: list[str]) -> None:
    assert [f"{level['domain']}.{level['level']}" for level in answer(study)["network"]] == levels


def test_llama_3_runs_at_the_published_pace() -> None:
    for study in (DENSE, CPO, OCS):
        assert 380e12 <= answer(study)["throughput"]["model_flops_per_s_per_accelerator"] <= 430e12


def test_mixture_of_experts_waits_where_the_dense_job_hides() -> None:
    assert scale_out_share(MOE) > 3 * scale_out_share(DENSE)
    busy = {study: answer(study)["balance"]["scale_out"] for study in (DENSE, MOE)}
    hidden = {study: 1 - one["exposed_s"] / one["busy_s"] for study, one in busy.items()}
    assert hidden[DENSE] > 0.5
    assert hidden[MOE] < 0.25


def test_optical_scale_up_domain_is_faster_and_needs_no_network_between() -> None:
    assert answer(SCALE_UP)["step"]["time_s"] < 0.85 * answer(MOE)["step"]["time_s"]
    assert scale_out_share(SCALE_UP) == 0
    assert answer(SCALE_UP)["step"]["compute_s"] == answer(MOE)["step"]["compute_s"]
    media = {product["medium"] for product in answer(SCALE_UP)["network"][0]["products"]}
    assert media == {"fibre"}


def test_copper_ends_where_fibre_begins() -> None:
    for study in STUDIES:
        for level in answer(study)["network"]:
            for product in level["products"]:
                limit = {"board": 1.0, "copper": 7.0}.get(product["medium"], math.inf)
                assert product["length_m"]["max"] <= limit, (study, level["level"], product["ends"])
                assert product["spec_min"]["closes"]


def test_co_packaged_optics_burn_less_and_stay_pluggable_at_the_cards() -> None:
    watts = {study: answer(study)["energy"]["of_which"]["optics"] for study in (DENSE, CPO)}
    assert watts[CPO] < watts[DENSE]
    hosts = next(
        level for level in answer(CPO)["network"] if (level["domain"], level["level"]) == ("scale_out", "host")
    )
    assert all("cpo" not in product["ends"][0] for product in hosts["products"])
    above = [product for level in answer(CPO)["network"] for product in level["products"] if level["level"] != "host"]
    assert above
    assert all("cpo" in end for product in above for end in product["ends"])


def test_job_is_as_fast_over_circuits_and_co_packaged_optics() -> None:
    for study in (CPO, OCS):
        assert answer(study)["step"]["time_s"] == pytest.approx(answer(DENSE)["step"]["time_s"], rel=5e-3)


def test_verdict_says_tie_where_bands_say_so() -> None:
    for study in (CPO, OCS):
        name = answer(study)["scenario"]["name"]
        (sentence,) = [one for one in verdict() if one.startswith(name)]
        assert "tie within the band" in sentence
    contrast = next(one for one in verdict() if "worth more" in one)
    assert "llama-3.1-405b" in contrast
    assert "qwen3-235b-a22b" in contrast


def test_full_recomputation_shows_in_hardware_flops_only() -> None:
    # A forward pass again is a third of a layer's model FLOPs; embedding and output layer are not done again.
    study = ll.load(MOE)
    through = [ll.evaluate(study.replace({"recipe.recompute": kind})).throughput for kind in ("none", "full")]
    assert through[0]["hfu"] == through[0]["mfu"]
    assert 1.30 < through[1]["hfu"] / through[1]["mfu"] < 4 / 3
