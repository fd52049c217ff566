"""Kinds of fabric cases that are counts and bounds, without a graph."""

from typing import Annotated, TypeAlias

from pydantic import BeforeValidator, Field

from lightloom.fabric.measures import moore
from lightloom.study.validation.case_fields import Params, Positive, needed, whole
from lightloom.study.validation.cases import CaseKind, Quantity

Size: TypeAlias = Annotated[int, Field(ge=1, le=1_000_000_000_000), BeforeValidator(whole)]
"""A count that nothing is built of."""


class MooreParams(Params):
    """Nodes, links of each, and a load to compare with the least possible."""

    n: Annotated[int, Field(ge=2, le=1_000_000), BeforeValidator(whole)]
    r: Size
    load: Positive | None = None


MOORE_BOUND: CaseKind[MooreParams] = CaseKind(
    "moore_bound",
    MooreParams,
    {
        "mean_hops_lb": Quantity("hops", lambda p: moore.mean_hops_bound(p.n, p.r)),
        "a2a_load_lb": Quantity("1", lambda p: moore.all_to_all_bound(p.n, p.r)),
        "headroom": Quantity("1", lambda p: needed(p.load, "load") / moore.all_to_all_bound(p.n, p.r)),
    },
)
