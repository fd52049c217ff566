"""Mixtral: Llama's attention, each feed-forward block a choice among experts of its width."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar, Self

from pydantic import model_validator

from lightloom.workload.architecture import Size
from lightloom.workload.architectures.llama import Llama
from lightloom.workload.model import Experts, Model


class Mixtral(Llama):
    """Mixture of experts in every layer."""

    kind: ClassVar[str] = "mixtral"

    num_local_experts: Size
    num_experts_per_tok: Size

    @model_validator(mode="after")
    def _enough(self) -> Self:
        if self.num_experts_per_tok > self.num_local_experts:
            message = (
                f"num_experts_per_tok {self.num_experts_per_tok} is more than the {self.num_local_experts} experts"
            )
            raise ValueError(message)
        return self

    def model(self, name: str) -> Model:
        """Return the shape."""
        experts = Experts(self.num_local_experts, self.num_experts_per_tok, self.intermediate_size)
        return replace(super().model(name), experts=experts)

    @classmethod
    def specimens(cls) -> Mapping[str, tuple[Mapping[str, Any], int]]:
        """Mixtral 8x7B, published as 46,702,792,704 parameters."""
        config = {
            "model_type": "mixtral", "num_hidden_layers": 32, "hidden_size": 4096, "num_attention_heads": 32,
            "num_key_value_heads": 8, "intermediate_size": 14336, "vocab_size": 32000, "num_local_experts": 8,
            "num_experts_per_tok": 2,
        }  # fmt: skip
        return {"mixtral-8x7b": (config, 46_702_792_704)}
