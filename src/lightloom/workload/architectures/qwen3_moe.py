"""Qwen3 mixture of experts: Qwen3's attention, narrow experts, many of them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar, Self

from pydantic import AliasChoices, Field, model_validator

from lightloom.workload.architecture import Size
from lightloom.workload.architectures.qwen3 import Qwen3
from lightloom.workload.model import Experts, Model


class Qwen3Moe(Qwen3):
    """Mixture of experts in every layer."""

    kind: ClassVar[str] = "qwen3_moe"

    num_experts: Size = Field(validation_alias=AliasChoices("num_experts", "num_local_experts"))
    num_experts_per_tok: Size
    moe_intermediate_size: Size
    decoder_sparse_step: Size = 1
    mlp_only_layers: tuple[int, ...] | None = None

    @model_validator(mode="after")
    def _regular(self) -> Self:
        if self.decoder_sparse_step != 1 or self.mlp_only_layers:
            message = "decoder_sparse_step other than 1, and mlp_only_layers, are not known yet"
            raise ValueError(message)
        if self.num_experts_per_tok > self.num_experts:
            message = f"num_experts_per_tok {self.num_experts_per_tok} is more than the {self.num_experts} experts"
            raise ValueError(message)
        return self

    def model(self, name: str) -> Model:
        """Return the shape."""
        experts = Experts(self.num_experts, self.num_experts_per_tok, self.moe_intermediate_size)
        return replace(super().model(name), experts=experts)

    @classmethod
    def specimens(cls) -> Mapping[str, tuple[Mapping[str, Any], int]]:
        """Qwen3-30B-A3B, published as 30,532,122,624 parameters."""
        config = {
            "model_type": "qwen3_moe", "num_hidden_layers": 48, "hidden_size": 2048, "num_attention_heads": 32,
            "num_key_value_heads": 4, "head_dim": 128, "intermediate_size": 6144, "vocab_size": 151936,
            "num_experts": 128, "num_experts_per_tok": 8, "moe_intermediate_size": 768,
        }  # fmt: skip
        return {"qwen3-30b-a3b": (config, 30_532_122_624)}
