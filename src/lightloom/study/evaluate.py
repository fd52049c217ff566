"""The pipeline, whole: from a scenario to its evaluation. The only module that knows every layer."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from lightloom.accounts.bill import Bill
from lightloom.accounts.cost import CostAccount, cost
from lightloom.accounts.failures import causes
from lightloom.accounts.goodput import GoodputAccount, Reliability, goodput
from lightloom.accounts.power import energy, power
from lightloom.accounts.pricing import Pricing, Speed
from lightloom.accounts.storage import checkpoint_bytes
from lightloom.catalog.loading import figures_of
from lightloom.core.arrays import Number
from lightloom.core.provenance import Figure, Source
from lightloom.engine.circuits.circuits import Changes
from lightloom.engine.network import Network
from lightloom.engine.traffic import load
from lightloom.study.billing import bill_of
from lightloom.study.design import Design, design_of
from lightloom.study.evaluation import Evaluation
from lightloom.study.feasibility import Reason, reasons
from lightloom.study.network import network
from lightloom.study.scenario import Scenario
from lightloom.study.sensitivity import balance
from lightloom.study.timing import Outcome, Run, outcome, run, sweep
from lightloom.workload.compile import recomputed_flops
from lightloom.workload.memory import PARTS, stage_memory
from lightloom.workload.model import FLOPS_CONVENTION
from lightloom.workload.recipe import RecipeColumns

DENSE_STEP = Figure(
    1.0, 0.88, 1.12, "derived", None, how="bar of the judged dense rows; other families are off by more: validate runs"
)
EXPERT_STEP = Figure(
    1.0, 0.77, 1.23, "derived", None, how="worst of the mixture-of-experts rows across nodes; see validate runs"
)
"""Factors on tokens per second that the step model may be wrong by."""


_CIRCUITS: Mapping[Changes, str] = {
    "never": "Circuits are set once for the job, from the bytes its groups send between blocks; setting is not timed.",
    "by-phase": (
        "Circuits are set for each phase of an operation, which waits for the change unless all phases of the step "
        "want the same; operations that want different circuits at once are not kept apart."
    ),
    "in-turn": (
        "Circuits change in turn, whatever is sent; each pair of blocks has its share of them, and a message waits for "
        "its turn at worst as long as a cycle."
    ),
}

LEAST_PROGRESS = 1e-6
"""Share of the time below which a job is said to make no progress."""


def evaluate(scenario: Scenario) -> Evaluation:
    """Return everything a scenario comes to.

    Raises:
        StudyError: The fabric cannot be built, nobody measured products of that precision on the accelerator, or a
            price is set of something the cluster does not hold; at the study's lines.
    """
    design = design_of(scenario)
    recipes = RecipeColumns.single(scenario.recipe)
    parts = run(design, recipes)
    result = outcome(design, recipes, parts)
    obstacles = reasons(design, result)
    part = parts[0][1]
    parts_list = bill_of(design)
    kept = goodput(_reliability(design, parts_list))
    if not np.isfinite(result.time[0]) or kept.fraction < LEAST_PROGRESS:
        return _without_step(design, part, result, (*obstacles, *_stuck(scenario, kept)))
    sent = load(part.uses, Network.on(part.reach, part.groups, scenario.stack), 1)
    time, wait = float(result.time[0]), float(result.input_wait[0])
    balanced = balance(design, part, sent, wait)
    costs = cost(_pricing(design, parts_list, kept, float(result.activity[0]), _tokens(recipes)[0] / time))
    watts = power(parts_list, scenario.operation, activity=float(result.activity[0]))
    return Evaluation(
        scenario=scenario,
        reasons=obstacles,
        step=_step(part, wait),
        throughput=_throughput(design, part, time, kept),
        memory=_memory(design, part, result),
        network=network(design.fabric, scenario.links, part.reach.levels, sent, balanced.level_gain, time),
        power=watts,
        energy=energy(watts, scenario.operation, tokens_per_s=_tokens(recipes)[0] / time, goodput=kept.fraction),
        cost=costs,
        goodput=kept,
        balance=balanced,
        assumptions=tuple(_assumptions(design, parts_list, part, kept)),
        sources=_sources(design, costs),
        warnings=(*kept.warnings, *_warnings(design, part)),
    )


def price(scenario: Scenario, recipes: RecipeColumns) -> tuple[Outcome, Number]:
    """Return many recipes on one scenario's design, and USD per million tokens of each, shape (rows,)."""
    design = design_of(scenario)
    result = sweep(design, recipes)
    parts = bill_of(design)
    kept = goodput(_reliability(design, parts))
    return result, _pricing(design, parts, kept, result.activity, result.tokens_per_s).usd_per_million_tokens()


def _tokens(recipes: RecipeColumns) -> Any:  # noqa: ANN401 - an array, or one of its numbers
    return recipes.batch * recipes.sequence.astype(np.float64)


def _reliability(design: Design, parts: Bill) -> Reliability:
    scenario = design.scenario
    each = scenario.operation.assumed.checkpoint_per_parameter.value
    return Reliability(
        causes=causes(
            design.fabric,
            scenario.operation.failures,
            parts.share,
            links={each.name: each for each in scenario.links},
            parts=scenario.link_parts,
        ),
        share=parts.share,
        storage=scenario.storage,
        operation=scenario.operation,
        state_bytes=float(checkpoint_bytes(scenario.model.parameters, each)),
    )


def _pricing(design: Design, parts: Bill, kept: GoodputAccount, activity: Number, tokens_per_s: Number) -> Pricing:
    scenario = design.scenario
    key = f"step model {scenario.model.name} {scenario.accelerator.name} {scenario.stack.title}"
    speed = Speed(key, "step time model", EXPERT_STEP if scenario.model.experts else DENSE_STEP)
    return Pricing(parts, scenario.operation, activity, tokens_per_s, kept, (speed,))


def _step(part: Run, wait: float) -> Mapping[str, Any]:
    step = part.totals
    exposed = {name: float(getattr(step, name)[0]) for name in ("tensor", "context", "pipeline", "expert", "data")}
    return {
        "time_s": float(step.time[0]) + wait,
        "compute_s": float(step.compute[0]),
        "bubble_s": float(step.bubble[0]),
        "optimizer_s": float(step.optimizer[0]),
        "input_s": wait,
        "exposed_s": exposed,
        "critical_stage": int(step.pace.stage[0]),
    }


def _throughput(design: Design, part: Run, time: float, kept: GoodputAccount) -> Mapping[str, Any]:
    scenario = design.scenario
    recipe, accelerator = scenario.recipe, scenario.accelerator
    tokens, ranks = float(part.program.tokens[0]) / time, scenario.job.accelerators
    flops = float(part.program.model_flops[0]) / time / ranks
    peak = accelerator.peak_fp8 if recipe.precision == "fp8" and accelerator.peak_fp8 else accelerator.peak_bf16
    groups = recipe.parallel.tensor * recipe.parallel.context
    repeated = float(recomputed_flops(part.program, scenario.model.layers)[0]) * groups
    again = repeated * float(part.recipes.micro_batches[0]) * recipe.parallel.data / time / ranks
    days = recipe.train_for / tokens / kept.fraction / 86400 if recipe.train_for else None
    return {
        "tokens_per_s": tokens,
        "tokens_per_s_per_accelerator": tokens / ranks,
        "model_flops_per_s_per_accelerator": flops,
        "mfu": flops / peak.value,
        "hfu": (flops + again) / peak.value,
        "flops_convention": FLOPS_CONVENTION,
        "days_to_train": days,
    }


def _memory(design: Design, part: Run, result: Outcome) -> Mapping[str, Any]:
    scenario = design.scenario
    stages = scenario.recipe.parallel.pipeline
    table = stage_memory(scenario.model, part.recipes, scenario.stack, part.program, stages, np.arange(1))[0]
    return {
        "worst_stage": int(result.memory.worst_stage[0]),
        "bytes": float(result.memory.bytes[0]),
        "capacity_bytes": scenario.accelerator.memory_usable.value,
        "fits": bool(result.fits[0]),
        "stages": [
            {"stage": stage, "parts": dict(zip(PARTS, row.tolist(), strict=True))} for stage, row in enumerate(table)
        ],
    }


def _stuck(scenario: Scenario, kept: GoodputAccount) -> Iterator[Reason]:
    """Say that failures leave nothing of the time, where they do."""
    if kept.fraction < LEAST_PROGRESS:
        text = (
            f"a failure every {kept.mtbf_s:.3g} s, a checkpoint every {kept.interval_s:.3g} s that takes "
            f"{kept.checkpoint.write_time:.3g} s to write and {kept.checkpoint.read_time:.3g} s to read; "
            f"faster storage, or another checkpoint interval"
        )
        yield Reason("no-progress", None, None, "", text, scenario.entry("operation.checkpoint"))


def _without_step(design: Design, part: Run, result: Outcome, obstacles: tuple[Reason, ...]) -> Evaluation:
    """Return the evaluation of a job that never takes a step."""
    return Evaluation(
        scenario=design.scenario,
        reasons=obstacles,
        step=None,
        throughput=None,
        memory=_memory(design, part, result),
        network=(),
        power=None,
        energy=None,
        cost=None,
        goodput=None,
        balance=None,
        assumptions=design.fabric.assumptions,
        sources=(),
        warnings=(),
    )


def _assumptions(design: Design, parts: Bill, part: Run, kept: GoodputAccount) -> Iterator[str]:
    scenario = design.scenario
    efficiency = scenario.efficiency
    share, size = efficiency.matmul_share, efficiency.narrow_matrix
    yield (
        f"Matrix products run at {share.value:.3g} of the accelerator's best measured rate, less for small sizes "
        f"(1 + {size.value:.3g} (1/M + 1/N + 1/K)); calibrated on "
        f"{len(efficiency.calibrated_on)} measured runs."
    )
    yield f"Overlap, kept tensors and precisions as in stack profile {scenario.recipe.stack!r}: {scenario.stack.title}."
    if scenario.stack.note:
        yield scenario.stack.note
    yield "Days to train count the share of time that failures leave; tokens per second do not."
    if scenario.model.experts:
        yield "Tokens spread evenly over experts, and travel once to each scale-up domain that holds one of theirs."
    if part.circuits is not None:
        yield _CIRCUITS[scenario.circuits.changes]
    yield from design.fabric.assumptions
    yield from parts.assumptions
    yield from kept.assumptions


def _warnings(design: Design, part: Run) -> Iterator[str]:
    if not design.scenario.efficiency.calibrated_on:
        name = design.scenario.accelerator.name
        yield f"No measured run of {name} was used for calibration: its efficiency is carried over."
    recipe = design.scenario.recipe
    repeats = recipe.recompute.modules if recipe.recompute.kind == "selective" else ()
    if "attention" in repeats and design.scenario.stack.attention == "flash":
        yield "Recomputing attention changes nothing here: the fused kernel keeps no scores anyway."
    unit = recipe.parallel.data * recipe.micro_batch
    if recipe.batch % unit:
        yield f"The batch of {recipe.batch} is not a whole number of micro-batches of {unit} sequences."
    if float(part.totals.costs[0].sum()) <= 0:
        yield "The step does no work."


def _sources(design: Design, costs: CostAccount) -> tuple[Source, ...]:
    scenario = design.scenario
    products = (scenario.accelerator, design.scenario.efficiency, scenario.stack, scenario.node, scenario.nic)
    own = {figure.source for product in products for _, figure in figures_of(product) if figure.source}
    return tuple(sorted(own | set(costs.sources)))
