"""What no section can see alone: whether recipe, job, cluster and model fit one another; says the nearest that does."""

from collections.abc import Iterator

import numpy as np

from lightloom.core.errors import Fault, nearest
from lightloom.devices.node import Node as NodeProduct
from lightloom.study.node import Node
from lightloom.study.schema import ClusterSpec, JobSpec
from lightloom.workload.layout import divides
from lightloom.workload.model import Model
from lightloom.workload.recipe import Recipe, RecipeColumns
from lightloom.workload.schedules import SCHEDULES


def multiple_near(value: int, unit: int) -> int:
    """Return the multiple of ``unit`` nearest to ``value``, at least one of it."""
    return max(round(value / unit), 1) * unit


def divisor_near(value: int, whole: int) -> int:
    """Return the divisor of ``whole`` nearest to ``value``; of two as near, the smaller."""
    below = np.arange(1, int(whole**0.5) + 1)
    small = below[whole % below == 0]
    divisors = np.unique(np.concatenate([small, whole // small]))
    return int(divisors[np.argmin(np.abs(divisors - value))])


def check_cluster(cluster: ClusterSpec, node: NodeProduct, job: JobSpec, document: Node) -> Iterator[Fault]:
    """Yield what is wrong between cluster, node and job."""
    if node.accelerator != cluster.accelerator.like:
        message = f"a {node.name} holds {node.accelerator}, not {cluster.accelerator.like}"
        yield document.fault(("cluster", "node"), message, "name a node that holds the cluster's accelerator")
    if cluster.count % node.accelerators:
        near = multiple_near(cluster.count, node.accelerators)
        message = f"{cluster.count} accelerators are not whole nodes of {node.accelerators}"
        yield document.fault(("cluster", "count"), message, f"nearest: {near}")
    if job.accelerators > cluster.count:
        message = f"the job wants {job.accelerators} accelerators, the cluster has {cluster.count}"
        yield document.fault(("job", "accelerators"), message, "take fewer, or a larger cluster.count")
    elif job.accelerators + job.spares > cluster.count:
        left = cluster.count - job.accelerators
        message = (
            f"{job.spares} spares beside {job.accelerators} accelerators are more than the cluster's {cluster.count}"
        )
        yield document.fault(("job", "spares"), message, f"at most {left}")


def check_size(recipe: Recipe, job: JobSpec, document: Node) -> Iterator[Fault]:
    """Yield what is wrong between the degrees of parallelism and the size of the job."""
    parallel = recipe.parallel
    if parallel.accelerators != job.accelerators:
        product = f"{parallel.tensor} × {parallel.context} × {parallel.pipeline} × {parallel.data}"
        found = f"{product} = {parallel.accelerators}"
        message = f"tensor × context × pipeline × data = {found}, not the job's {job.accelerators}"
        replica = parallel.tensor * parallel.context * parallel.pipeline
        exact = job.accelerators % replica == 0
        data = max(job.accelerators // replica, 1)
        hint = f"data: {data} fits" if exact else f"data: {data} and job.accelerators: {data * replica} fit"
        yield document.fault(("recipe", "parallel"), message, hint)


def check_recipe(recipe: Recipe, document: Node) -> Iterator[Fault]:
    """Yield what is wrong within the recipe."""
    parallel = recipe.parallel
    unit = parallel.data * recipe.micro_batch
    if recipe.batch % unit:
        shares = f"{parallel.data} data ranks × micro-batches of {recipe.micro_batch}"
        message = f"{recipe.batch} sequences do not divide into {shares}"
        yield document.fault(("recipe", "batch"), message, f"nearest: {multiple_near(recipe.batch, unit)}")
    if recipe.sequence % parallel.context:
        message = f"{recipe.sequence} tokens do not divide into {parallel.context} context ranks"
        near = divisor_near(parallel.context, recipe.sequence)
        yield document.fault(("recipe", "parallel", "context"), message, f"nearest: {near}")
    ranks = parallel.tensor * parallel.context * parallel.data
    if ranks % parallel.expert.degree:
        message = f"experts over {parallel.expert.degree} ranks do not fit the {ranks} ranks of a stage"
        near = divisor_near(parallel.expert.degree, ranks)
        yield document.fault(("recipe", "parallel", "expert", "degree"), message, f"nearest: {near}")
    if recipe.schedule.kind not in SCHEDULES:
        yield _unknown_schedule(recipe, document)
    elif not recipe.batch % unit:
        legal, rule = SCHEDULES[recipe.schedule.kind].legal(RecipeColumns.single(recipe))
        if not legal.all():
            micro = recipe.batch // unit
            message = f"{rule}; here {micro} micro-batches, {parallel.pipeline} stages, {recipe.schedule.chunks} chunks"
            yield document.fault(("recipe", "schedule"), message, _legal_change(recipe, unit))


def _legal_change(recipe: Recipe, unit: int) -> str:
    """Return the change of batch or chunks that a schedule's rule allows; ``unit`` sequences make up a micro-batch."""
    near = multiple_near(recipe.batch, unit * recipe.parallel.pipeline)
    one_chunk = recipe.schedule.model_copy(update={"chunks": 1})
    changes = {f"nearest batch: {near}": {"batch": near}, "write 'chunks: 1'": {"schedule": one_chunk}}
    for words, change in changes.items():
        changed = RecipeColumns.single(recipe.model_copy(update=change))
        if SCHEDULES[recipe.schedule.kind].legal(changed)[0].all():
            return words
    return ""


def check_model(recipe: Recipe, model: Model, document: Node) -> Iterator[Fault]:
    """Yield what is wrong between recipe and model."""
    parallel, path = recipe.parallel, ("recipe", "parallel")
    if model.heads % parallel.tensor:
        near = divisor_near(parallel.tensor, model.heads)
        message = f"{model.heads} attention heads do not divide over {parallel.tensor} tensor ranks"
        yield document.fault((*path, "tensor"), message, f"nearest: {near}")
    slots = parallel.pipeline * recipe.schedule.chunks
    if slots > model.layers + 2:  # embedding and loss may take a layer's place each
        chunks = f"{parallel.pipeline} stages of {recipe.schedule.chunks} chunks"
        message = f"{chunks} are more than {model.layers} layers with embedding and loss"
        yield document.fault((*path, "pipeline"), message, f"at most {model.layers + 2} in all")
    row = RecipeColumns.single(recipe)
    if not divides(model.layers, row.pipeline, row.chunks, recipe.layout).all():
        message = f"{model.layers} layers do not fall on {slots} chunks as '{recipe.layout}' asks"
        yield document.fault(("recipe", "layout"), message, "write 'auto' or 'uneven'")
    degree = parallel.expert.degree
    if model.experts is None and degree > 1:
        message = f"experts are spread over {degree} ranks, but {model.name} has none"
        yield document.fault((*path, "expert"), message, "write 'expert: null'")
    elif model.experts is not None and model.experts.count % degree:
        near = divisor_near(degree, model.experts.count)
        message = f"{model.experts.count} experts do not divide over {degree} ranks"
        yield document.fault((*path, "expert", "degree"), message, f"nearest: {near}")


def _unknown_schedule(recipe: Recipe, document: Node) -> Fault:
    kind = recipe.schedule.kind
    message = f"no pipeline schedule is called '{kind:.40}'"
    return document.fault(("recipe", "schedule", "kind"), message, nearest(kind, SCHEDULES))
