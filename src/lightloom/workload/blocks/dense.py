"""The dense feed-forward half of a layer."""

import numpy as np

from lightloom.workload.blocks.sizes import (
    WIDTH,
    Sizes,
    enter_region,
    leave_region,
    norm_and_residual,
    product,
    traffic_of,
)
from lightloom.workload.model import Model
from lightloom.workload.program import Operation
from lightloom.workload.stack import StackProfile


def operations(model: Model, sizes: Sizes, stack: StackProfile) -> list[Operation]:
    """Return norm, widening, activation, narrowing, residual, with their collectives."""
    hidden = np.full_like(sizes.tokens, model.hidden)
    inner = model.feed_forward / sizes.tensor
    wide = sizes.tokens * inner * WIDTH
    inputs = model.matrices - 1
    return [
        *norm_and_residual("feed-forward", sizes, model, stack),
        *enter_region("feed-forward", sizes, model, stack, behind="widen"),
        *product("widen", sizes.tokens, inputs * inner, hidden, fp8=sizes.fp8),
        # Forward reads the inputs and writes one; backward reads gradient and inputs, writes the inputs' gradients.
        *traffic_of("activation", (inputs + 1) * wide, (2 * inputs + 1) * wide),
        *product("narrow", sizes.tokens, hidden, inner, fp8=sizes.fp8),
        *leave_region("feed-forward", sizes, model, stack, behind="narrow"),
    ]
