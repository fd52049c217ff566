"""How a model is trained: the recipe of a study file, and many recipes as columns."""

from collections import Counter
from dataclasses import dataclass, fields, replace
from typing import Annotated, Literal, cast

import numpy as np
from pydantic import BeforeValidator, Field

from lightloom.core.arrays import Integers, frozen
from lightloom.core.dimensions import Dimension
from lightloom.core.specs import Principal, Reference, Spec
from lightloom.core.units import Count, SequenceCount, TokenCount

Precision = Literal["bf16", "fp16", "fp8"]
Sharding = Literal["none", "zero-1", "zero-2", "zero-3"]
Layout = Literal["auto", "even", "embedding-and-loss-as-layers", "uneven"]
DimensionName = Literal["tensor", "context", "pipeline", "data"]


def _ranks_once(order: object) -> object:
    """Refuse in an order of ranks what has no place there; a list of anything else is left to the field's type."""
    names = [str(name) for name in cast("list[object]", order)] if isinstance(order, (list, tuple)) else []
    name, times = max(Counter(names).items(), key=lambda entry: entry[1], default=("", 0))
    if times > 1:
        message = f"'{name:.40}' stands there {times} times; write each once"
        raise ValueError(message)
    if "expert" in names:
        message = "'expert' has no place in it: experts are laid over tensor, context and data ranks; take it out"
        raise ValueError(message)
    return cast("object", order)


RankOrder = Annotated[tuple[DimensionName, ...], BeforeValidator(_ranks_once)]


class ExpertParallel(Spec):
    """How experts are spread.

    Args:
        degree: Ranks over which the experts of a layer are split; a group spans tensor, context and data ranks of one
            stage (experts themselves are not split further: expert tensor degree 1).
        inside: What the group is laid over: ``data`` stands for all ranks that work on other tokens of the same stage,
            tensor (which splits the tokens outside its regions), context and data, in the recipe's order.
        dispatch: Precision of tokens sent to experts.
        combine: Precision of results sent back.
    """

    degree: Annotated[Count, Field(ge=1)] = 1
    inside: Literal["data"] = "data"
    dispatch: Precision = "bf16"
    combine: Precision = "bf16"


class Parallel(Spec):
    """Degrees of parallelism; tensor x context x pipeline x data is the count of accelerators."""

    tensor: Annotated[Count, Field(ge=1)] = 1
    context: Annotated[Count, Field(ge=1)] = 1
    pipeline: Annotated[Count, Field(ge=1)] = 1
    data: Annotated[Count, Field(ge=1)] = 1
    expert: Annotated[ExpertParallel, Principal("degree")] = ExpertParallel()

    @property
    def accelerators(self) -> int:
        """Ranks of the job."""
        return self.tensor * self.context * self.pipeline * self.data


class Schedule(Spec):
    """Pipeline schedule: its kind and, where it interleaves, the chunks of layers each stage holds."""

    kind: str = "1f1b"
    chunks: Annotated[Count, Field(ge=1)] = 1


class Recompute(Spec):
    """What the backward pass computes again instead of keeping it.

    Args:
        kind: ``none``; ``selective`` (the named modules); ``full`` (the whole layer from its input).
        modules: For ``selective``: ``attention`` (scores and softmax), ``layernorm``, ``mlp-activation`` or
            ``moe-activation``.
    """

    kind: Literal["none", "selective", "full"] = "none"
    modules: tuple[Literal["attention", "layernorm", "mlp-activation", "moe-activation"], ...] = ("attention",)


class Recipe(Spec):
    """One way to train the model.

    Args:
        sequence: Tokens in a sequence.
        batch: Sequences in a step, over all data ranks.
        parallel: Degrees.
        order: Dimensions as ranks are numbered, fastest first, each once; those left out come last, in the order of the
            default.
        micro_batch: Sequences a data rank processes at once.
        precision: Inputs of the matrix products.
        schedule: Pipeline schedule.
        sharding: What data ranks split: optimizer states (zero-1), gradients too (zero-2), weights too (zero-3).
        recompute: What is computed twice.
        layout: How layers fall on stages; ``auto`` takes the first of the others that divides.
        stack: Name of the stack profile: what the framework keeps, fuses and overlaps.
        train_for: Tokens of the whole training.
    """

    sequence: Annotated[TokenCount, Field(le=100_000_000)]
    batch: Annotated[SequenceCount, Field(le=100_000_000)]
    parallel: Parallel = Parallel()
    order: RankOrder = ("tensor", "context", "data", "pipeline")
    micro_batch: Annotated[SequenceCount, Field(le=1_000_000)] = 1
    precision: Precision = "bf16"
    schedule: Annotated[Schedule, Principal("kind")] = Schedule()
    sharding: Sharding = "zero-1"
    recompute: Annotated[Recompute, Principal("kind")] = Recompute()
    layout: Layout = "auto"
    stack: Annotated[str, Reference("stacks")] = "megatron-core"
    train_for: Annotated[TokenCount, Field(le=10**16)] | None = None

    @property
    def full_order(self) -> tuple[Dimension, ...]:
        """The four dimensions ranks are numbered by, fastest first; the expert group has no ranks of its own."""
        named = [Dimension[name.upper()] for name in self.order]
        default = (Dimension.TENSOR, Dimension.CONTEXT, Dimension.DATA, Dimension.PIPELINE)
        return tuple(dict.fromkeys([*named, *default]))


@dataclass(frozen=True, slots=True, eq=False)
class RecipeColumns:
    """The numbers of many recipes of one kind, as arrays of equal length; a single run is a batch of one.

    What differs in kind (schedule, sharding, recompute, precision, order, stack, layout) is one :class:`Recipe`'s,
    shared by all rows. Every array has shape (rows,).
    """

    kind: Recipe
    sequence: Integers
    batch: Integers
    tensor: Integers
    context: Integers
    pipeline: Integers
    data: Integers
    expert: Integers
    micro_batch: Integers
    chunks: Integers

    @classmethod
    def single(cls, recipe: Recipe) -> "RecipeColumns":
        """Return the batch of one."""
        return cls.sweep(recipe)

    @classmethod
    def sweep(cls, recipe: Recipe, **columns: Integers) -> "RecipeColumns":
        """Return the recipe with some of its numbers replaced by columns, the others repeated.

        Args:
            recipe: Where the kinds, and the numbers not swept, come from.
            columns: Any of the numeric fields, shape (rows,).
        """
        parallel = recipe.parallel
        numbers: dict[str, int] = {
            "sequence": recipe.sequence,
            "batch": recipe.batch,
            "tensor": parallel.tensor,
            "context": parallel.context,
            "pipeline": parallel.pipeline,
            "data": parallel.data,
            "expert": parallel.expert.degree,
            "micro_batch": recipe.micro_batch,
            "chunks": recipe.schedule.chunks,
        }
        rows = max((len(column) for column in columns.values()), default=1)
        arrays = {name: columns.get(name, np.full(rows, number)) for name, number in numbers.items()}
        return cls(recipe, **{name: frozen(np.array(column, np.int64)) for name, column in arrays.items()})

    def __len__(self) -> int:
        """Rows."""
        return len(self.sequence)

    def take(self, rows: Integers) -> "RecipeColumns":
        """Return the rows of those indices."""
        numbers = [field.name for field in fields(self) if field.name != "kind"]
        return replace(self, **{name: frozen(getattr(self, name)[rows]) for name in numbers})

    def row(self, index: int) -> Recipe:
        """Return one row as a recipe."""
        kind = self.kind
        degrees = {name: int(getattr(self, name)[index]) for name in ("tensor", "context", "pipeline", "data")}
        expert = kind.parallel.expert.model_copy(update={"degree": int(self.expert[index])})
        return kind.model_copy(
            update={
                "sequence": int(self.sequence[index]),
                "batch": int(self.batch[index]),
                "micro_batch": int(self.micro_batch[index]),
                "parallel": Parallel(**degrees, expert=expert),
                "schedule": kind.schedule.model_copy(update={"chunks": int(self.chunks[index])}),
            }
        )

    @property
    def accelerators(self) -> Integers:
        """Ranks of each row."""
        return self.tensor * self.context * self.pipeline * self.data

    @property
    def micro_batches(self) -> Integers:
        """Micro-batches each pipeline processes in a step (whole where the recipe is legal)."""
        return self.batch // (self.data * self.micro_batch)
