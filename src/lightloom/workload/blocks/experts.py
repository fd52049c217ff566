"""The mixture-of-experts half of a layer: route, dispatch, compute, combine."""

import numpy as np

from lightloom.workload.blocks.sizes import (
    WIDTH,
    Sizes,
    collective,
    enter_region,
    leave_region,
    norm_and_residual,
    product,
    traffic_of,
    width,
)
from lightloom.workload.model import Experts, Model
from lightloom.workload.program import Collective, Group, Operation, Routing
from lightloom.workload.recipe import ExpertParallel, Precision
from lightloom.workload.stack import StackProfile


def operations(
    model: Model, experts: Experts, sizes: Sizes, stack: StackProfile, parallel: ExpertParallel
) -> list[Operation]:
    """Return the operations of the routed experts and of a shared one.

    Each rank routes its own tokens (tokens / tensor); loads are balanced. Experts are not split over tensor ranks, so
    the tensor collectives of this half vanish. A token travels once to each domain that holds one of its experts.

    Leaves out: imbalance of real routing, capacity drops.
    """
    hidden = np.full_like(sizes.tokens, model.hidden)
    routed = sizes.owned * experts.chosen
    here = experts.count / sizes.expert
    inner = np.full_like(sizes.tokens, experts.feed_forward)
    rows = routed / here
    wide = routed * experts.feed_forward * WIDTH
    moved = routed * model.hidden * WIDTH
    return [
        *norm_and_residual("feed-forward", sizes, model, stack),
        *product("router", sizes.owned, np.full_like(hidden, experts.count), hidden),
        # Copies are gathered for sending and sorted by expert on arrival; the way back sums them by weight.
        *traffic_of("permute", 4 * moved, 4 * moved),
        *_exchange(model, experts, sizes, stack, parallel),
        *product("expert-widen", rows, 2 * inner, hidden, count=here, fp8=sizes.fp8),
        *traffic_of("expert-activation", 3 * wide, 5 * wide),
        *product("expert-narrow", rows, hidden, inner, count=here, fp8=sizes.fp8),
        *traffic_of("unpermute", 4 * moved, 4 * moved),
        *_shared(model, experts, sizes, stack),
    ]


def _exchange(
    model: Model, experts: Experts, sizes: Sizes, stack: StackProfile, parallel: ExpertParallel
) -> list[Operation]:
    """Return dispatch and combine, forward and backward; a rank's tokens once each is the payload."""
    ways: tuple[tuple[str, Precision], ...] = (("dispatch", parallel.dispatch), ("combine", parallel.combine))
    payload = sizes.owned * model.hidden
    core = ("attention-core",) if stack.attention == "flash" else ("scores", "values")
    behind = (*core, "qkv", "attention-output", "expert-widen", "expert-narrow") if stack.expert_overlap else ()
    return [
        collective(
            name,
            Collective.ALL_TO_ALL,
            Group.EXPERT,
            np.where(sizes.expert > 1, payload * width(precision), 0.0),
            backward=backward,
            behind=behind,
            routing=Routing(experts.chosen, experts.count),
        )
        for name, precision in ways
        for backward in (False, True)
    ]


def _shared(model: Model, experts: Experts, sizes: Sizes, stack: StackProfile) -> list[Operation]:
    """Return the expert every token passes, split over tensor ranks like a dense block."""
    if not experts.shared_feed_forward:
        return []
    hidden = np.full_like(sizes.tokens, model.hidden)
    inner = experts.shared_feed_forward / sizes.tensor
    wide = sizes.tokens * inner * WIDTH
    return [
        *enter_region("shared", sizes, model, stack, behind="shared-widen"),
        *product("shared-widen", sizes.tokens, 2 * inner, hidden, fp8=sizes.fp8),
        *traffic_of("shared-activation", 3 * wide, 5 * wide),
        *product("shared-narrow", sizes.tokens, hidden, inner, fp8=sizes.fp8),
        *leave_region("shared", sizes, model, stack, behind="shared-narrow"),
    ]
