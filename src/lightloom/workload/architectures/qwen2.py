"""Qwen2: Llama's shape with a bias on query, key and value only."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from lightloom.workload.architectures.llama import Llama
from lightloom.workload.model import Model


class Qwen2(Llama):
    """Dense decoder of the Qwen2 family."""

    kind: ClassVar[str] = "qwen2"

    def model(self, name: str) -> Model:
        """Return the shape."""
        return replace(super().model(name), attention_bias=True, output_bias=False)

    @classmethod
    def specimens(cls) -> Mapping[str, tuple[Mapping[str, Any], int]]:
        """Qwen2 7B, published as 7,615,616,512 parameters."""
        config = {
            "model_type": "qwen2", "num_hidden_layers": 28, "hidden_size": 3584, "num_attention_heads": 28,
            "num_key_value_heads": 4, "intermediate_size": 18944, "vocab_size": 152064,
        }  # fmt: skip
        return {"qwen2-7b": (config, 7_615_616_512)}
