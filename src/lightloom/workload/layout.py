"""How layers fall on pipeline stages: evenly, with embedding and loss counted as layers, or as evenly as possible."""

from enum import IntEnum

import numpy as np

from lightloom.core.arrays import Booleans, Floats, Integers
from lightloom.workload.recipe import Layout


class Block(IntEnum):
    """What a stage is made of; the value is the column of :func:`composition`."""

    LAYER = 0
    EMBEDDING = 1
    LOSS = 2


def counts_as_layers(layers: int, pipeline: Integers, chunks: Integers, layout: Layout) -> Integers:
    """Return 1 where embedding and loss take a layer's place each, else 0; shape (rows,)."""
    slots = pipeline * chunks
    if layout == "auto":
        return np.where((layers % slots != 0) & ((layers + 2) % slots == 0) & (slots > 1), 1, 0)
    return np.full(len(slots), int(layout == "embedding-and-loss-as-layers"))


def divides(layers: int, pipeline: Integers, chunks: Integers, layout: Layout) -> Booleans:
    """Return whether layers fall on chunks as the rule says, shape (rows,); ``auto`` and ``uneven`` take what comes."""
    if layout in ("auto", "uneven"):
        return np.ones(len(pipeline), np.bool_)
    places = layers + 2 * counts_as_layers(layers, pipeline, chunks, layout)
    return np.asarray(places % (pipeline * chunks) == 0)


def layers_of_stages(layers: int, stages: int, chunks: Integers, layout: Layout) -> Integers:
    """Return the layers each stage holds, all its chunks together; shape (rows, stages), each row sums to ``layers``.

    Chunk j of the model lies on stage j mod ``stages``. Where the count does not divide, each chunk takes the floor and
    the chunks after the first take one more in turn, so that first and last stage, which also hold embedding and loss,
    come out lightest.

    Args:
        layers: Layers of the model.
        stages: Pipeline degree, one for all rows.
        chunks: Chunks a stage, shape (rows,).
        layout: Rule.
    """
    pipeline = np.full(len(chunks), stages)
    as_layers = counts_as_layers(layers, pipeline, chunks, layout)
    slots = stages * chunks
    places = layers + 2 * as_layers
    each, rest = places // slots, places % slots
    stage = np.arange(stages)
    first = np.where(stage == 0, stages, stage)
    more = np.maximum((rest[:, None] - first) // stages + 1, 0)
    held = (each * chunks)[:, None] + more
    held[:, 0] -= as_layers
    held[:, -1] -= as_layers
    return held


def composition(layers: int, stages: int, chunks: Integers, layout: Layout) -> Floats:
    """Return how many of each :class:`Block` every stage holds; shape (rows, stages, blocks)."""
    held = np.zeros((len(chunks), stages, len(Block)))
    held[:, :, Block.LAYER] = layers_of_stages(layers, stages, chunks, layout)
    held[:, 0, Block.EMBEDDING] = 1.0
    held[:, -1, Block.LOSS] = 1.0
    return held
