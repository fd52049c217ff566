"""The study file, composed of the sections that the layers below own."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from lightloom.accounts.operation import OperationSpec, StorageSpec
from lightloom.core.specs import Principal, Reference, Spec
from lightloom.core.units import Count
from lightloom.engine.circuits import OncePerJob, SchedulerSpec
from lightloom.fabric.seats import SeatsSpec
from lightloom.fabric.spec import FabricSpec
from lightloom.workload.recipe import Recipe

Text = Annotated[str, Field(min_length=1, max_length=200)]


class LikeSpec(BaseModel):
    """A product by name, with some of its figures changed.

    Args:
        like: Its name in the catalog; other keys are figures of that product.
    """

    model_config = ConfigDict(frozen=True, extra="allow")

    like: Text


class ModelSpec(BaseModel):
    """What is trained; keys beside ``like`` are those of a config.json, and change it.

    Args:
        like: A name of the catalog, or the path of a config.json relative to the study; left out where the keys beside
            it are a whole config.
    """

    model_config = ConfigDict(frozen=True, extra="allow", protected_namespaces=())

    like: Text | None = None


class ClusterSpec(Spec):
    """What stands in the hall.

    Args:
        accelerator: A name of the catalog, or ``{like: name, ...}`` with figures changed.
        count: Accelerators, in whole nodes.
        node: A name of the catalog, or likewise.
    """

    accelerator: Annotated[LikeSpec, Principal("like"), Reference("accelerators")]
    count: Annotated[Count, Field(ge=1, le=10_000_000)]
    node: Annotated[LikeSpec, Principal("like"), Reference("nodes")]


class JobSpec(Spec):
    """What of the cluster the job has.

    Args:
        accelerators: Ranks.
        spares: Accelerators kept ready to step in.
        seats: Which accelerators its ranks sit on; left out: the first, in order.
    """

    accelerators: Annotated[Count, Field(ge=1)]
    spares: Count = 0
    seats: SeatsSpec | None = None


class StudyFile(Spec):
    """A study: one job on one cluster.

    Args:
        name: As results show it.
        model: What is trained.
        recipe: How.
        cluster: On what.
        job: On which part of it.
        fabric: How it is wired.
        circuits: Who sets the fabric's circuits, and when, where it has any.
        storage: Where data and checkpoints are; left out: a generic tier in proportion to the cluster.
        operation: What running it costs.
        seed: Of every random draw.
    """

    name: Text
    model: Annotated[ModelSpec, Principal("like")]
    recipe: Recipe
    cluster: ClusterSpec
    job: Annotated[JobSpec, Principal("accelerators")]
    fabric: FabricSpec
    circuits: Annotated[SchedulerSpec, Principal("scheduler")] = OncePerJob()
    storage: Annotated[StorageSpec, Principal("like")] | None = None
    operation: Annotated[OperationSpec, Principal("like")] = OperationSpec()
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 0
