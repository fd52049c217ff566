"""What stands before the first layer and after the last: embedding, output layer and loss."""

import numpy as np

from lightloom.workload.blocks.sizes import WIDTH, Sizes, collective, product, traffic_of
from lightloom.workload.layout import Block
from lightloom.workload.model import Model
from lightloom.workload.program import Collective, Group, Operation
from lightloom.workload.stack import StackProfile

_LOSS_FORWARD, _LOSS_BACKWARD = 18.0, 8.0
"""Bytes a logit costs: cast to four bytes, maximum, exponent and sum forward; gradient in place and cast backward.
Counted from an unfused cross-entropy; under 1 % of a step in every published row."""


def operations(model: Model, sizes: Sizes, stack: StackProfile) -> list[Operation]:
    """Return the operations of the embedding and of the loss, the vocabulary split over tensor ranks."""
    return [*_embedding(model, sizes, stack), *_loss(model, sizes, stack)]


def _embedding(model: Model, sizes: Sizes, stack: StackProfile) -> list[Operation]:
    stream = sizes.tokens * model.hidden * WIDTH
    what = Collective.REDUCE_SCATTER if stack.sequence_parallel else Collective.ALL_REDUCE
    items = [
        *traffic_of("embedding", 2 * stream, 4 * stream, block=Block.EMBEDDING),
        collective("embedding-sum", what, Group.TENSOR, stream, backward=False, block=Block.EMBEDDING),
    ]
    if stack.sequence_parallel:
        items.append(
            collective(
                "embedding-spread", Collective.ALL_GATHER, Group.TENSOR, stream, backward=True, block=Block.EMBEDDING
            )
        )
    return items


def _loss(model: Model, sizes: Sizes, stack: StackProfile) -> list[Operation]:
    hidden = np.full_like(sizes.tokens, model.hidden)
    words = model.vocabulary / sizes.tensor
    stream = sizes.shard * model.hidden * WIDTH
    payload = sizes.tokens * model.hidden * WIDTH
    items = [
        *traffic_of("final-norm", 2 * stream, 3 * stream, block=Block.LOSS),
        *product("logits", sizes.tokens, words, hidden, block=Block.LOSS),
        *traffic_of(
            "loss", _LOSS_FORWARD * sizes.tokens * words, _LOSS_BACKWARD * sizes.tokens * words, block=Block.LOSS
        ),
    ]
    if stack.sequence_parallel:
        gather = Collective.ALL_GATHER
        items += [
            collective("logits-gather", gather, Group.TENSOR, payload, backward=False, block=Block.LOSS),
            collective(
                "logits-gather", gather, Group.TENSOR, payload, backward=True, behind=("logits",), block=Block.LOSS
            ),
        ]
    what = Collective.REDUCE_SCATTER if stack.sequence_parallel else Collective.ALL_REDUCE
    items.append(
        collective("logits-reduce", what, Group.TENSOR, payload, backward=True, behind=("logits",), block=Block.LOSS)
    )
    return items
