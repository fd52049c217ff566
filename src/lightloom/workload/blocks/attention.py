"""The attention half of a layer."""

import numpy as np

from lightloom.core.arrays import Floats
from lightloom.workload.blocks.sizes import (
    WIDTH,
    Sizes,
    collective,
    enter_region,
    fused_attention,
    leave_region,
    norm_and_residual,
    product,
    traffic_of,
)
from lightloom.workload.model import Model
from lightloom.workload.program import Collective, Group, Operation
from lightloom.workload.stack import StackProfile


def operations(model: Model, sizes: Sizes, stack: StackProfile) -> list[Operation]:
    """Return norm, projections, scores and values, output projection, residual, with their collectives."""
    hidden = np.full_like(sizes.tokens, model.hidden)
    query, keys = sizes.heads * model.head_dim, sizes.kv_heads * model.head_dim
    items = norm_and_residual("attention", sizes, model, stack)
    items += enter_region("attention", sizes, model, stack, behind="qkv")
    items += product("qkv", sizes.tokens, query + 2 * keys, hidden, fp8=sizes.fp8)
    items += _positions(model, sizes, query + keys)
    items += _core(model, sizes, stack)
    items += product("attention-output", sizes.tokens, hidden, query, fp8=sizes.fp8)
    items += leave_region("attention", sizes, model, stack, behind="attention-output")
    return items


def _positions(model: Model, sizes: Sizes, rotated: Floats) -> list[Operation]:
    """Return rotary embedding and head norms: each reads and writes queries and keys once."""
    passes = 2.0 * (int(model.rotary) + int(model.head_norms))
    traffic = passes * sizes.tokens * rotated * WIDTH
    return traffic_of("rotary", traffic, traffic) if passes else []


def _core(model: Model, sizes: Sizes, stack: StackProfile) -> list[Operation]:
    """Return scores, softmax and values, fused or not, and the exchange of keys over context ranks."""
    pairs = sizes.tokens * sizes.sequence * sizes.heads
    if stack.attention == "flash":
        items = fused_attention("attention-core", 4.0 * pairs * model.head_dim / 2)
        return items + _ring(model, sizes, ("attention-core",))
    queries = sizes.sequence / sizes.context
    batch = sizes.micro_batch * sizes.heads
    width = np.full_like(queries, model.head_dim)
    dropped = 5.0 if stack.dropout else 0.0
    return [
        *product("scores", queries, sizes.sequence, width, count=batch),
        # Scores are two bytes each. Softmax reads and writes them; dropout too, with a mask of one byte.
        *traffic_of("softmax", (4.0 + dropped) * pairs, (6.0 + dropped) * pairs),
        *product("values", queries, width, sizes.sequence, count=batch),
        *_ring(model, sizes, ("scores", "values")),
    ]


def _ring(model: Model, sizes: Sizes, behind: tuple[str, ...]) -> list[Operation]:
    """Return the passing of keys and values around the context ranks, behind attention; twice as much backward."""
    if np.all(sizes.context == 1):
        return []
    payload = 2.0 * sizes.tokens * sizes.kv_heads * model.head_dim * WIDTH * sizes.context
    payload = np.where(sizes.context > 1, payload, 0.0)
    return [
        collective("keys", Collective.ALL_GATHER, Group.CONTEXT, payload, backward=False, behind=behind),
        collective("keys", Collective.ALL_GATHER, Group.CONTEXT, payload, backward=True, behind=behind),
        collective("key-gradients", Collective.REDUCE_SCATTER, Group.CONTEXT, payload, backward=True, behind=behind),
    ]
