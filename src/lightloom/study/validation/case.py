"""From a measured row to everything the engine needs to predict it, or the reason why it cannot yet."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from lightloom.catalog.loading import read
from lightloom.catalog.products import accelerator as accelerator_named
from lightloom.core.errors import LightloomError
from lightloom.core.provenance import Figure
from lightloom.devices.accelerator import Accelerator
from lightloom.devices.efficiency import Efficiency
from lightloom.fabric.fabric import ClusterShape, Fabric
from lightloom.fabric.ideal import ideal
from lightloom.study.checks import check_model, check_recipe
from lightloom.study.node import Node
from lightloom.study.validation.rows import Row
from lightloom.workload.architecture import read_config
from lightloom.workload.architectures import ARCHITECTURES
from lightloom.workload.model import Model
from lightloom.workload.recipe import Recipe
from lightloom.workload.stack import StackProfile

ASSUMED_CHUNKS = 8
"""Chunks of an interleaved run that does not publish them; chosen once for all such rows."""

_ACCELERATORS = {
    "A100-SXM-80GB": "a100-sxm-80gb",
    "A100-SXM-40GB": "a100-sxm-40gb",
    "H100-SXM-80GB": "h100-sxm-80gb",
    "B200-SXM-180GB": "b200-sxm-180gb",
}
_STACKS = {
    "megatron_2021": "megatron-2021",
    "megatron_2022": "megatron-2022",
    "megatron_2023": "megatron-2023",
    "megatron_deepspeed": "megatron-deepspeed",
    "megatron_core": "megatron-core",
    "megatron_bridge": "megatron-bridge",
    "mlperf_megatron": "mlperf-megatron",
    "meta_internal": "meta-internal",
}
_PRECISIONS = {"bf16": "bf16", "fp16": "fp16", "fp8": "fp8"}
_SHARDINGS = {"none": "none", "zero1": "zero-1", "zero2": "zero-2", "zero3": "zero-3"}
_LAYOUTS = {"even": "even", "none": "even", "embed_loss_as_layers": "embedding-and-loss-as-layers", "uneven": "auto"}
_MODULES = {
    "core_attn": "attention", "layernorm": "layernorm", "moe_act": "moe-activation", "mlp_act": "mlp-activation"
}  # fmt: skip
_NOWHERE = Node({})
"""In place of a study: a row's faults have no other place than the row."""
_BYTES = {"bf16": 2.0, "fp16": 2.0, "fp32": 4.0}


class NotCoveredError(Exception):
    """A row has a feature that is not there yet; the message says which."""


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A measured run in the engine's terms.

    Args:
        row: As measured.
        model: What.
        recipe: How.
        stack: The framework, with what the row says otherwise.
        accelerator: On what.
        efficiency: Calibrated, of that accelerator.
        fabric: Bandwidths as published; ideal otherwise.
        note: What had to be assumed.
    """

    row: Row
    model: Model
    recipe: Recipe
    stack: StackProfile
    accelerator: Accelerator
    efficiency: Efficiency
    fabric: Fabric
    note: str


def case_of(row: Row, *, chunks: int = ASSUMED_CHUNKS) -> Case:
    """Return the case of a row.

    Args:
        row: As measured.
        chunks: Taken where the row interleaves and does not say how often.

    Raises:
        NotCoveredError: The row cannot be predicted; why.
    """
    try:
        return _case(row, chunks)
    except (ValueError, KeyError) as error:
        raise NotCoveredError(f"a column cannot be read: {error}") from None


def _case(row: Row, chunks: int) -> Case:
    if row.number("step_time_s") <= 0:
        raise NotCoveredError("the step time is not published")
    name = _looked_up(_ACCELERATORS, row, "accelerator", "accelerator {} has no calibrated efficiency")
    accelerator = accelerator_named(name)
    recipe, note = _recipe(row, chunks)
    model = _model(row)
    wrong = [*check_recipe(recipe, _NOWHERE), *check_model(recipe, model, _NOWHERE)]
    if wrong:
        raise NotCoveredError(f"the recipe is not possible: {wrong[0].message}")
    if recipe.precision == "fp8" and accelerator.matmul_fp8 is None:
        raise NotCoveredError(f"no measured 8-bit products of {name}")
    return Case(
        row=row,
        model=model,
        recipe=recipe,
        stack=_stack(row, name),
        accelerator=accelerator,
        efficiency=read("calibrations", name, Efficiency),
        fabric=_fabric(row),
        note=note,
    )


def _looked_up(table: Mapping[str, str], row: Row, column: str, reason: str) -> str:
    value = row.text(column)
    if value not in table:
        raise NotCoveredError(reason.format(value or "(empty)"))
    return table[value]


def _model(row: Row) -> Model:
    kind = row.text("hf_model_type")
    if kind not in _CONFIGS:
        raise NotCoveredError(f"architecture {kind or '(empty)'} is not known yet")
    if row.text("block", "serial") != "serial":
        raise NotCoveredError("attention and feed-forward side by side are not modelled yet")
    if row.text("attention") not in ("causal_flash", "unfused"):
        raise NotCoveredError(f"attention {row.text('attention')} is not modelled yet")
    if row.count("shared_expert_ffn") or row.count("first_dense_layers"):
        raise NotCoveredError("shared experts and dense first layers are not read from rows yet")
    try:
        return read_config(_CONFIGS[kind](row), row.text("model"), ARCHITECTURES)
    except LightloomError as error:
        raise NotCoveredError(str(error)) from None


def _gpt2(row: Row) -> dict[str, Any]:
    return {
        "model_type": "gpt2", "n_layer": row.count("layers"), "n_embd": row.count("hidden"),
        "n_head": row.count("heads"), "n_inner": row.count("ffn") or None,
        "n_positions": row.count("seq"), "vocab_size": row.count("vocab"),
    }  # fmt: skip


def _mpt(row: Row) -> dict[str, Any]:
    return {
        "model_type": "mpt", "n_layers": row.count("layers"), "d_model": row.count("hidden"),
        "n_heads": row.count("heads"), "vocab_size": row.count("vocab"),
    }  # fmt: skip


def _bloom(row: Row) -> dict[str, Any]:
    return {
        "model_type": "bloom", "n_layer": row.count("layers"), "hidden_size": row.count("hidden"),
        "n_head": row.count("heads"), "vocab_size": row.count("vocab"),
    }  # fmt: skip


def _llama(row: Row) -> dict[str, Any]:
    return {
        "model_type": row.text("hf_model_type"), "num_hidden_layers": row.count("layers"),
        "hidden_size": row.count("hidden"), "num_attention_heads": row.count("heads"),
        "num_key_value_heads": row.count("kv_heads") or None, "head_dim": row.count("head_dim") or None,
        "intermediate_size": row.count("ffn"), "vocab_size": row.count("vocab"),
    }  # fmt: skip


def _moe(row: Row) -> dict[str, Any]:
    experts = {"num_experts": row.count("experts"), "num_local_experts": row.count("experts")}
    width = {"moe_intermediate_size": row.count("moe_ffn")}
    return {**_llama(row), **experts, **width, "num_experts_per_tok": row.count("topk")}


_CONFIGS: dict[str, Callable[[Row], dict[str, Any]]] = {
    "gpt2": _gpt2, "mpt": _mpt, "bloom": _bloom, "llama": _llama, "qwen3_moe": _moe, "mixtral": _moe,
}  # fmt: skip


def _recipe(row: Row, chunks: int) -> tuple[Recipe, str]:
    schedule, note = _schedule(row, chunks)
    order = ["tensor", "context", "pipeline", "data"] if row.text("stack") == "meta_internal" else None
    written: dict[str, Any] = {
        "sequence": row.count("seq"),
        "batch": row.count("gbs"),
        "micro_batch": row.count("mbs"),
        "parallel": {
            "tensor": row.count("tp", 1), "context": row.count("cp", 1), "pipeline": row.count("pp", 1),
            "data": row.count("dp"), "expert": {"degree": row.count("ep", 1)},
        },
        "precision": _looked_up(_PRECISIONS, row, "compute_precision", "precision {} is not modelled yet"),
        "schedule": schedule,
        "sharding": _looked_up(_SHARDINGS, row, "sharding_kind", "sharding {} is not published or not modelled"),
        "recompute": _recompute(row),
        "layout": _looked_up(_LAYOUTS, row, "pipeline_layout", "pipeline layout {} is not modelled yet"),
        **({"order": order} if order else {}),
    }  # fmt: skip
    if not row.count("mbs") or not row.count("dp"):
        raise NotCoveredError("the micro-batch or the data degree is not published")
    if row.count("cpu_offload_layers"):
        raise NotCoveredError("activations offloaded to the host are not modelled yet")
    if row.count("mtp_layers"):
        raise NotCoveredError("multi-token prediction is not modelled yet")
    try:
        recipe = Recipe.model_validate(written)
    except ValidationError as error:
        found = error.errors()[0]
        name, text = ".".join(str(part) for part in found["loc"]), str(found["msg"]).removeprefix("Value error, ")
        raise NotCoveredError(f"the recipe is not possible: {name}: {text[:1].lower()}{text[1:]}") from None
    if recipe.parallel.accelerators != row.count("n_accel"):
        raise NotCoveredError("degrees do not multiply to the accelerators")
    return recipe, note


def _schedule(row: Row, chunks: int) -> tuple[dict[str, Any], str]:
    kind = row.text("pipeline_schedule", "none")
    if kind in ("none", "1f1b") or (kind == "interleaved" and row.count("vpp") == 1):
        return {"kind": "1f1b", "chunks": 1}, ""
    if kind != "interleaved":
        raise NotCoveredError(f"pipeline schedule {kind} is not modelled yet")
    if row.count("vpp"):
        return {"kind": "interleaved-1f1b", "chunks": row.count("vpp")}, ""
    return {"kind": "interleaved-1f1b", "chunks": chunks}, f"chunks are not published: {chunks} taken"


def _recompute(row: Row) -> dict[str, Any]:
    kind = row.text("recompute_kind")
    if kind in ("none", "full"):
        return {"kind": kind}
    if kind != "selective":
        raise NotCoveredError(f"recomputation {kind or '(empty)'} is not published or not modelled")
    modules = row.text("recompute_modules", "core_attn").split("+")
    unknown = [module for module in modules if module not in _MODULES]
    if unknown:
        raise NotCoveredError(f"recomputation of {', '.join(unknown)} is not modelled yet")
    return {"kind": "selective", "modules": [_MODULES[module] for module in modules]}


def _stack(row: Row, accelerator: str) -> StackProfile:
    composer = {"a100-sxm-80gb": "a100", "a100-sxm-40gb": "a100", "h100-sxm-80gb": "h100"}.get(accelerator)
    names = {**_STACKS, **({"fsdp_composer": f"fsdp-composer-{composer}"} if composer else {})}
    stack = read("stacks", _looked_up(names, row, "stack", "no profile of stack {} yet"), StackProfile)
    changes: dict[str, Any] = {
        "attention": "flash" if row.text("attention") == "causal_flash" else "unfused",
        "sequence_parallel": row.text("sp", "0") == "1",
    }
    overlap = {"none": "none", "overlap": "all"}.get(row.text("tp_overlap"))
    if overlap:
        changes["tensor_overlap"] = overlap
    width = _BYTES.get(row.text("grad_precision"))
    if width:
        changes["reduction"] = _published(width)
    return stack.model_copy(update=changes)


def _published(value: float) -> Figure:
    return Figure(value, value, value, "published", None, at="the row")


def _fabric(row: Row) -> Fabric:
    domain = row.count("scaleup_domain") or row.count("accel_per_node")
    up = row.number("scaleup_bytes_per_s_per_accelerator")
    out = row.number("network_bytes_per_s_per_accelerator")
    count = row.count("n_accel")
    if not up or (not out and count > domain):
        raise NotCoveredError("the bandwidth of the network is not published")
    shape = ClusterShape(count, 1, 1, out or up, up)
    pod, ratio = row.count("oversubscription_above"), row.number("oversubscription", 1.0)
    return ideal(shape, domain=domain, pod=pod, oversubscription=ratio)
