"""GPT-2, GPT-3 and the GPTs of Megatron: learned positions, layer norm, two feed-forward matrices, tied output."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from pydantic import model_validator

from lightloom.workload.architecture import Architecture, Size
from lightloom.workload.model import Model


class Gpt2(Architecture):
    """Dense decoder of the GPT family, biases throughout."""

    kind: ClassVar[str] = "gpt2"

    n_layer: Size
    n_embd: Size
    n_head: Size
    n_inner: Size | None = None
    n_positions: Size
    vocab_size: Size
    tie_word_embeddings: bool = True

    @model_validator(mode="after")
    def _divides(self) -> Self:
        if self.n_embd % self.n_head:
            message = f"n_embd {self.n_embd} is not a multiple of n_head {self.n_head}"
            raise ValueError(message)
        return self

    def model(self, name: str) -> Model:
        """Return the shape."""
        return Model(
            name=name,
            architecture=self.kind,
            layers=self.n_layer,
            hidden=self.n_embd,
            heads=self.n_head,
            kv_heads=self.n_head,
            head_dim=self.n_embd // self.n_head,
            feed_forward=self.n_inner or 4 * self.n_embd,
            gated=False,
            vocabulary=self.vocab_size,
            positions=self.n_positions,
            tied=self.tie_word_embeddings,
            norm="layer",
            attention_bias=True,
            output_bias=True,
            feed_forward_bias=True,
        )

    @classmethod
    def specimens(cls) -> Mapping[str, tuple[Mapping[str, Any], int]]:
        """GPT-2 (124,439,808 parameters) and GPT-3 175B (174.6 billion, Brown et al. 2020, Table 2.1: 175.0)."""
        small = {
            "model_type": "gpt2", "n_layer": 12, "n_embd": 768, "n_head": 12, "n_positions": 1024, "vocab_size": 50257
        }  # fmt: skip
        return {"gpt2": (small, 124_439_808)}
