"""The best topologies found so far, as shipped: parameters, what they carry, and the command that found them."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from lightloom.core.specs import Spec
from lightloom.fabric.synthesis.families import FAMILIES
from lightloom.fabric.synthesis.family import Family

FILE = Path(__file__).parent / "best.toml"


class Stored(Spec):
    """One of them.

    Args:
        nodes: How many.
        degree: Links of each.
        pod: Whether only what a pod of cubes makes was looked at.
        load: Of the busiest link when every ordered pair exchanges 1 unit.
        bound: That distances allow at best.
        sure: Computed, not read anywhere.
        how: The command that finds it again.
        topology: Its family and parameters.
    """

    nodes: int = Field(ge=3)
    degree: int = Field(ge=2)
    pod: bool
    load: float
    bound: float
    sure: Literal["derived"]
    how: str
    topology: Mapping[str, Any]

    def family(self) -> Family:
        """Return the topology."""
        return FAMILIES[self.topology["family"]].model_validate(self.topology)


@cache
def stored() -> tuple[Stored, ...]:
    """Return all, in the order of their sizes."""
    written = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return tuple(Stored.model_validate(row) for row in written["best"])
