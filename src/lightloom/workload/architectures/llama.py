"""Llama and its like: rotary positions, root-mean-square norm, gated feed-forward, grouped-query attention."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from pydantic import model_validator

from lightloom.workload.architecture import Architecture, Size, refuse_remainder
from lightloom.workload.model import Model


class Llama(Architecture):
    """Dense decoder of the Llama family; ``mlp_bias`` and ``attention_bias`` as the file says."""

    kind: ClassVar[str] = "llama"

    num_hidden_layers: Size
    hidden_size: Size
    num_attention_heads: Size
    num_key_value_heads: Size | None = None
    head_dim: Size | None = None
    intermediate_size: Size
    vocab_size: Size
    tie_word_embeddings: bool = False
    attention_bias: bool = False
    mlp_bias: bool = False
    sliding_window: Size | None = None
    use_sliding_window: bool | None = None

    @model_validator(mode="after")
    def _sees_everything(self) -> Self:
        """A window is in force where a file sets one and does not switch it off."""
        if self.sliding_window is not None and self.use_sliding_window is not False:
            message = f"attention within a sliding window ({self.sliding_window}) is not known yet"
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _divides(self) -> Self:
        if self.num_key_value_heads is not None:
            refuse_remainder(self, "num_attention_heads", "num_key_value_heads")
        if self.head_dim is None:
            refuse_remainder(self, "hidden_size", "num_attention_heads")
        return self

    def model(self, name: str) -> Model:
        """Return the shape."""
        return Model(
            name=name,
            architecture=self.kind,
            layers=self.num_hidden_layers,
            hidden=self.hidden_size,
            heads=self.num_attention_heads,
            kv_heads=self.num_key_value_heads or self.num_attention_heads,
            head_dim=self.head_dim or self.hidden_size // self.num_attention_heads,
            feed_forward=self.intermediate_size,
            gated=True,
            vocabulary=self.vocab_size,
            rotary=True,
            tied=self.tie_word_embeddings,
            attention_bias=self.attention_bias,
            output_bias=self.attention_bias,
            feed_forward_bias=self.mlp_bias,
        )

    @classmethod
    def specimens(cls) -> Mapping[str, tuple[Mapping[str, Any], int]]:
        """Llama 3.1 8B, whose safetensors index counts 8,030,261,248 parameters, and the 70B with 70,553,706,496."""
        small = {
            "model_type": "llama", "num_hidden_layers": 32, "hidden_size": 4096, "num_attention_heads": 32,
            "num_key_value_heads": 8, "intermediate_size": 14336, "vocab_size": 128256,
        }  # fmt: skip
        large = {
            **small, "num_hidden_layers": 80, "hidden_size": 8192, "num_attention_heads": 64, "intermediate_size": 28672
        }  # fmt: skip
        return {"llama-3.1-8b": (small, 8_030_261_248), "llama-3.1-70b": (large, 70_553_706_496)}
