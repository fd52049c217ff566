"""Why a design or recipe cannot be, by how much, and the nearest change that would help."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import get_args

import numpy as np

from lightloom.core.arrays import Floats
from lightloom.engine.network import Network
from lightloom.fabric.across import ACROSS, BORDER_LEVEL
from lightloom.fabric.apart import alone
from lightloom.fabric.fabric import Fabric
from lightloom.fabric.labels import fabric_of, plain
from lightloom.fabric.topology import Topology
from lightloom.photonics.pair import WORST_SHARE
from lightloom.photonics.spread import percentile_db
from lightloom.study.checks import check_model, check_recipe
from lightloom.study.design import Design
from lightloom.study.kept_apart import kept_apart
from lightloom.study.scenario import Entry, Scenario
from lightloom.study.timing import Outcome, run, sweep
from lightloom.workload.program import Group
from lightloom.workload.recipe import Recipe, RecipeColumns, Recompute, Sharding


@dataclass(frozen=True, slots=True)
class Reason:
    """One obstacle.

    Args:
        code: Stable word for programs.
        stage: Pipeline stage, or link level; None where neither applies.
        by: How much is missing.
        unit: Of ``by``.
        remedy: The nearest change found to help, or what to look at.
        where: The entry of the study it is about.
    """

    code: str
    stage: int | str | None
    by: float | None
    unit: str
    remedy: str
    where: Entry | None = None

    def to_dict(self) -> dict[str, object]:
        """Return the entry of ``reasons``."""
        return asdict(self)


def reasons(design: Design, outcome: Outcome) -> tuple[Reason, ...]:
    """Return every obstacle of a batch of one."""
    lost = tuple(_kept_apart(design, outcome)) or tuple(_stranded(design, outcome))
    return (*_links(design), *_schedule(design, outcome), *_memory(design, outcome), *lost)


def _links(design: Design) -> Iterator[Reason]:
    """Return one reason for each level and pair of products: its worst link, and how many do not close."""
    cables = design.fabric.cables
    table = cables.table
    kinds: dict[tuple[str, str, str], list[int]] = {}
    for row in design.open_links:
        kinds.setdefault((f"{cables.domain[row]}.{cables.level[row]}", table.a[row], table.b[row]), []).append(row)
    for (where, _, _), rows in kinds.items():
        short = _short_db(design, where, rows)
        worst = rows[int(np.argmax(short))]
        by = float(short.max())
        count = int(table.count[rows].sum())
        least, most = table.length[rows].min(), table.length[rows].max()
        lengths = f"{least:g} m" if least == most else f"{least:g} to {most:g} m"
        remedy = f"{count} cables of {lengths}; {table.reason[worst]}"
        entry = design.scenario.entry(_link_key(design.scenario, *where.split(".")))
        yield Reason("link-does-not-close", where, by if 0 < by < np.inf else None, "dB", remedy, entry)


def _short_db(design: Design, where: str, rows: list[int]) -> Floats:
    """Return the decibels that links of a level lack of the margin their policy asks for; below nought for none."""
    table, scenario = design.fabric.cables.table, design.scenario
    domain, _, level = where.partition(".")
    _, network = scenario.fabric.section(domain, fabric_of(level))
    policy = network.policy if isinstance(network, Topology) else network.link_policy
    left = table.margin_spec_db[rows]
    if policy.mode == "distribution":
        left = percentile_db(table.margin_mean_db[rows], table.margin_sigma_db[rows], share=WORST_SHARE)
    return policy.margin - np.asarray(left)


def _link_key(scenario: Scenario, domain: str, level: str) -> str:
    """Return the key of a study that says which products the links of a level are."""
    section, network = scenario.fabric.section(domain, fabric_of(level))
    if isinstance(network, Topology):
        return f"fabric.{section}.{network.link_key(plain(level))}"
    return f"fabric.{section}.{'link' if level == BORDER_LEVEL else 'module'}"


def _schedule(design: Design, outcome: Outcome) -> Iterator[Reason]:
    if outcome.legal[0]:
        return
    recipe = design.scenario.recipe
    remedy = f"{recipe.schedule.kind} cannot run {recipe.batch} sequences over data {recipe.parallel.data}"
    best = _first_feasible(design, _batches(recipe), need_memory=False)
    hint = f"; nearest batch that works: {best.batch} sequences" if best else ""
    yield Reason("schedule-illegal", None, None, "", remedy + hint, design.scenario.entry("recipe.schedule"))


def _kept_apart(design: Design, outcome: Outcome) -> Iterator[Reason]:
    for each in kept_apart(design, float(outcome.time[0])):
        unit = "" if each.many is None else "accelerators"
        yield Reason(each.code, each.where, each.many, unit, each.text, design.scenario.entry(each.key))


def _stranded(design: Design, outcome: Outcome) -> Iterator[Reason]:
    """Say which groups must talk where their fabric joins no path, fabric by fabric."""
    if np.isfinite(outcome.time[0]):
        return
    lost: dict[str, list[Group]] = {}
    for group in _without_path(design, outcome):
        lost.setdefault(design.ground.carrier(group), []).append(group)
    for name, groups in lost.items():
        section, _ = design.scenario.fabric.section("scale_out", name)
        code, key, text = _why(alone(design.ground, name), name, ", ".join(groups))
        yield Reason(code, None, None, "", text, design.scenario.entry(f"fabric.{section}.{key}"))


def _without_path(design: Design, outcome: Outcome) -> list[Group]:
    """Return the groups of which a collective never ends."""
    _, part = run(design, outcome.recipes)[0]
    network = Network.on(part.reach, part.groups, design.scenario.stack)
    found: dict[Group, None] = {}
    for use in part.uses:
        seconds = network.duration(use.group, use.what, use.payload, use.routing)
        if use.times[0] > 0 and np.isinf(seconds[0]):
            found[use.group] = None
    return list(found)


def _why(fabric: Fabric, name: str, groups: str) -> tuple[str, str, str]:
    """Return the code, the key and the text of what keeps groups apart on one fabric."""
    space = fabric.circuit_space
    if space and space.packet is not None:
        text = (
            "blocks without a cable left to packet switches must talk to others to which no circuit leads, and beside "
            "packet switches nothing is relayed; let less fail"
        )
        return "circuits-unreachable", "failed", text
    if space:
        text = "the circuits within the ports join no path between ranks that must talk; give blocks more ports"
        return "circuits-unreachable", "core", text
    if any(level.domain == ACROSS and not level.up.any() for level in fabric.levels):
        text = f"'{name}' ends at its site, and groups of {groups} go on; let scale_out carry them"
        return "fabric-ends-at-site", "carries", text
    text = (
        f"no switch joins two rails, and ranks of {groups} groups send across them; choose degrees and an order by "
        "which they keep their place in a node, or topology: rail-optimised"
    )
    return "rails-apart", "topology", text


def _memory(design: Design, outcome: Outcome) -> Iterator[Reason]:
    if outcome.fits[0]:
        return
    missing = float(outcome.memory.bytes[0]) - design.scenario.accelerator.memory_usable.value
    stage = int(outcome.memory.worst_stage[0])
    found = _first_feasible(design, _leaner(design.scenario.recipe), need_memory=True)
    key, remedy = "recipe", "no single change of recipe helps; use more accelerators"
    if found:
        changes = _changes(design.scenario.recipe, found)
        key, remedy = f"recipe.{changes[0][0]}", "try " + ", ".join(text for _, text in changes)
    yield Reason("out-of-memory", stage, missing, "B", remedy, design.scenario.entry(key))


def _first_feasible(design: Design, candidates: Iterator[Recipe], *, need_memory: bool) -> Recipe | None:
    """Return the first recipe that a study may hold and the design can run."""
    scenario = design.scenario
    for recipe in candidates:
        if any(check_recipe(recipe, scenario.document)) or any(check_model(recipe, scenario.model, scenario.document)):
            continue
        outcome = sweep(_with(design, recipe), RecipeColumns.single(recipe))
        if outcome.legal[0] and (outcome.fits[0] or not need_memory):
            return recipe
    return None


def _with(design: Design, recipe: Recipe) -> Design:
    return replace(design, scenario=replace(design.scenario, recipe=recipe))


def _batches(recipe: Recipe) -> Iterator[Recipe]:
    """Return the recipe with its batch made a whole number of rounds, nearest first."""
    unit = recipe.parallel.data * recipe.micro_batch * recipe.parallel.pipeline
    below = max(recipe.batch // unit, 1) * unit
    for batch in sorted((below, below + unit), key=lambda one: abs(one - recipe.batch)):
        yield recipe.model_copy(update={"batch": batch})


def _leaner(recipe: Recipe) -> Iterator[Recipe]:
    """Return recipes that need less memory, mildest change first."""
    parallel = recipe.parallel
    for size in range(recipe.micro_batch - 1, 0, -1):
        if recipe.micro_batch % size == 0:
            yield recipe.model_copy(update={"micro_batch": size})
    if recipe.recompute.kind == "none":
        modules = ("attention", "layernorm", "mlp-activation", "moe-activation")
        yield recipe.model_copy(update={"recompute": Recompute(kind="selective", modules=modules)})
    levels = get_args(Sharding)
    for sharding in levels[levels.index(recipe.sharding) + 1 : levels.index("zero-3")]:
        yield recipe.model_copy(update={"sharding": sharding})
    if recipe.recompute.kind != "full":
        yield recipe.model_copy(update={"recompute": Recompute(kind="full")})
    for factor in (2, 4, 8):
        for name in ("tensor", "pipeline"):
            if parallel.data % factor == 0:
                degrees = {name: getattr(parallel, name) * factor, "data": parallel.data // factor}
                wider = parallel.model_copy(update=degrees)
                yield recipe.model_copy(update={"parallel": wider, "recompute": Recompute(kind="full")})
    yield recipe.model_copy(update={"sharding": "zero-3", "recompute": Recompute(kind="full")})


def _changes(before: Recipe, after: Recipe) -> list[tuple[str, str]]:
    """Return what was changed, keys and the words of a study file."""
    changes: list[tuple[str, str]] = []
    if before.micro_batch != after.micro_batch:
        changes.append(("micro_batch", f"micro_batch: {after.micro_batch}"))
    alike = before.recompute.kind == after.recompute.kind == "full"
    if before.recompute != after.recompute and not alike:
        kind, modules = after.recompute.kind, ", ".join(after.recompute.modules)
        selective = f"{{kind: selective, modules: [{modules}]}}"
        changes.append(("recompute", f"recompute: {selective if kind == 'selective' else kind}"))
    if before.sharding != after.sharding:
        changes.append(("sharding", f"sharding: {after.sharding}"))
    old, new = before.parallel.model_dump(), after.parallel.model_dump()
    degrees = [name for name in ("tensor", "pipeline", "data") if old[name] != new[name]]
    return changes + [(f"parallel.{name}", f"{name}: {new[name]}") for name in degrees]
