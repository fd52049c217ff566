"""The answer: everything one scenario comes to, as typed parts and as the JSON contract."""

import html
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from lightloom.accounts.cost import CostAccount
from lightloom.accounts.goodput import GoodputAccount
from lightloom.accounts.power import EnergyAccount, PowerAccount
from lightloom.core.provenance import Source
from lightloom.study.feasibility import Reason
from lightloom.study.frames import frame_of
from lightloom.study.network import LevelUse
from lightloom.study.scenario import Scenario
from lightloom.study.sensitivity import Balance
from lightloom.workload.recipe import Recipe

if TYPE_CHECKING:  # pandas is an extra
    from pandas import DataFrame


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """What one scenario comes to.

    ``step``, ``throughput`` and ``memory`` are the sections of the contract; the other parts convert themselves. A part
    is None where no step can be computed (circuits that join no path).

    Args:
        scenario: What was asked.
        reasons: Why it cannot be run; empty where it can.
        step: Seconds of the critical stage.
        throughput: Tokens and FLOPs a second.
        memory: By stage and part.
        network: By level.
        power: Of the whole cluster.
        energy: Of a token.
        cost: Of the cluster and of a token.
        goodput: What failures leave.
        balance: Which resource binds.
        assumptions: What was taken as given or left out.
        sources: Documents behind the figures used.
        warnings: What a reader should look at twice.
    """

    scenario: Scenario
    reasons: tuple[Reason, ...]
    step: Mapping[str, Any] | None
    throughput: Mapping[str, Any] | None
    memory: Mapping[str, Any]
    network: tuple[LevelUse, ...]
    power: PowerAccount | None
    energy: EnergyAccount | None
    cost: CostAccount | None
    goodput: GoodputAccount | None
    balance: Balance | None
    assumptions: tuple[str, ...]
    sources: tuple[Source, ...]
    warnings: tuple[str, ...]

    def __repr__(self) -> str:
        """Name it and say its headline, in one line."""
        told = ", ".join(f"{key} {text}" for key, text in self.headline().items())
        return f"<Evaluation of {self.scenario.name!r}: {told}>"

    @property
    def feasible(self) -> bool:
        """Whether the scenario can be run as written."""
        return not self.reasons

    def to_dict(self) -> dict[str, Any]:
        """Return the object of the contract ``evaluation/1``: plain data, units in the keys."""
        scenario, power = self.scenario, self.power
        return {
            "schema": "evaluation/1",
            "scenario": {
                "name": scenario.name,
                "hash": scenario.hash,
                "version": version("lightloom"),
                "seed": scenario.seed,
            },
            "recipe": _recipe(scenario.recipe),
            "feasible": self.feasible,
            "reasons": [reason.to_dict() for reason in self.reasons],
            "step": _plain(self.step),
            "throughput": _plain(self.throughput),
            "memory": _plain(self.memory),
            "network": [_plain(level.to_dict()) for level in self.network],
            "power": {"total_w": power.total_w, "rows": [row.to_dict() for row in power.rows]} if power else None,
            "energy": _plain(self.energy.to_dict()) if self.energy else None,
            "cost": _plain(self.cost.to_dict()) if self.cost else None,
            "goodput": _plain(self.goodput.to_dict()) if self.goodput else None,
            "balance": self.balance.to_dict() if self.balance else None,
            "assumptions": list(self.assumptions),
            "sources": [{"id": each.id, "title": each.title, "where": each.where} for each in self.sources],
            "warnings": list(self.warnings),
        }

    def to_json(self) -> str:
        """Return the contract as text; same scenario, same bytes."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False, allow_nan=False)

    def to_frame(self) -> "DataFrame":
        """Return every number, one a row, by its path in the contract.

        Raises:
            MissingExtraError: pandas is not installed.
        """
        return frame_of(_leaves(self.to_dict()), ["key", "value"])

    def headline(self) -> dict[str, str]:
        """Return the few numbers a person asks for first, as text."""
        obstacles = {"feasible": f"no: {', '.join(reason.code for reason in self.reasons)}"} if self.reasons else {}
        if self.step is None or self.throughput is None or self.cost is None or self.energy is None:
            return obstacles
        price = self.cost.usd_per_million_tokens
        return {
            "step": f"{self.step['time_s']:.3g} s",
            "tokens/s per accelerator": f"{self.throughput['tokens_per_s_per_accelerator']:.1f}",
            "MFU": f"{self.throughput['mfu']:.1%}",
            "USD per million tokens": f"{price.mid:.3g} ({price.low:.3g} … {price.high:.3g})",
            "J per token": f"{self.energy.joules_per_token:.3g}",
            "goodput": f"{self.goodput.fraction:.1%}" if self.goodput else "-",
            "feasible": obstacles.get("feasible", "yes"),
        }

    def to_html(self) -> str:
        """Return the headline as a small table, for a notebook."""
        cells = ((html.escape(key), html.escape(text)) for key, text in self.headline().items())
        rows = "".join(f"<tr><th>{key}</th><td>{text}</td></tr>" for key, text in cells)
        return f"<table><caption>{html.escape(self.scenario.name)}</caption>{rows}</table>"

    def _repr_html_(self) -> str:
        return self.to_html()


def _recipe(recipe: Recipe) -> dict[str, Any]:
    """Return the recipe that was run: the study's, or the planner's."""
    parallel = recipe.parallel
    degrees = {name: getattr(parallel, name) for name in ("tensor", "context", "pipeline", "data")}
    return {
        "parallel": {**degrees, "expert": parallel.expert.degree},
        "sequence": recipe.sequence,
        "batch": recipe.batch,
        "micro_batch": recipe.micro_batch,
        "schedule": recipe.schedule.kind,
        "chunks": recipe.schedule.chunks,
        "recompute": recipe.recompute.kind,
        "sharding": recipe.sharding,
        "precision": recipe.precision,
        "stack": recipe.stack,
    }


def _plain(value: object) -> Any:  # noqa: ANN401 - JSON
    """Return JSON data: tuples as lists, numbers as Python's, infinities as null."""
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in cast("Mapping[object, object]", value).items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in cast("Sequence[object]", value)]
    number: object = cast("object", value.item()) if isinstance(value, np.generic) else value
    return None if isinstance(number, float) and not np.isfinite(number) else number


def _leaves(value: object, path: str = "") -> list[tuple[str, object]]:
    if isinstance(value, dict):
        entries = cast("dict[str, object]", value).items()
        return [leaf for key, each in entries for leaf in _leaves(each, f"{path}.{key}" if path else key)]
    if isinstance(value, list):
        listed = enumerate(cast("list[object]", value))
        return [leaf for index, each in listed for leaf in _leaves(each, f"{path}[{index}]")]
    return [(path, value)]
