"""Qwen3: Llama's shape with queries and keys normalised per head."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from lightloom.workload.architectures.llama import Llama
from lightloom.workload.model import Model


class Qwen3(Llama):
    """Dense decoder of the Qwen3 family."""

    kind: ClassVar[str] = "qwen3"

    def model(self, name: str) -> Model:
        """Return the shape."""
        return replace(super().model(name), head_norms=True)

    @classmethod
    def specimens(cls) -> Mapping[str, tuple[Mapping[str, Any], int]]:
        """Qwen3 8B, published as 8,190,735,360 parameters."""
        config = {
            "model_type": "qwen3", "num_hidden_layers": 36, "hidden_size": 4096, "num_attention_heads": 32,
            "num_key_value_heads": 8, "head_dim": 128, "intermediate_size": 12288, "vocab_size": 151936,
        }  # fmt: skip
        return {"qwen3-8b": (config, 8_190_735_360)}
