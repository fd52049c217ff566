"""BLOOM: ALiBi positions, a norm after the embedding, biases throughout, two feed-forward matrices, tied output."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from pydantic import AliasChoices, Field, model_validator

from lightloom.workload.architecture import Architecture, Size
from lightloom.workload.model import Model


class Bloom(Architecture):
    """Dense decoder of the BLOOM family."""

    kind: ClassVar[str] = "bloom"

    n_layer: Size = Field(validation_alias=AliasChoices("n_layer", "num_hidden_layers"))
    hidden_size: Size = Field(validation_alias=AliasChoices("hidden_size", "n_embed"))
    n_head: Size = Field(validation_alias=AliasChoices("n_head", "num_attention_heads"))
    vocab_size: Size
    tie_word_embeddings: bool = True

    @model_validator(mode="after")
    def _divides(self) -> Self:
        if self.hidden_size % self.n_head:
            message = f"hidden_size {self.hidden_size} is not a multiple of n_head {self.n_head}"
            raise ValueError(message)
        return self

    def model(self, name: str) -> Model:
        """Return the shape."""
        return Model(
            name=name,
            architecture=self.kind,
            layers=self.n_layer,
            hidden=self.hidden_size,
            heads=self.n_head,
            kv_heads=self.n_head,
            head_dim=self.hidden_size // self.n_head,
            feed_forward=4 * self.hidden_size,
            gated=False,
            vocabulary=self.vocab_size,
            tied=self.tie_word_embeddings,
            norm="layer",
            attention_bias=True,
            output_bias=True,
            feed_forward_bias=True,
            embedding_norm=True,
        )

    @classmethod
    def specimens(cls) -> Mapping[str, tuple[Mapping[str, Any], int]]:
        """BLOOM, published as 176,247,271,424 parameters."""
        config = {"model_type": "bloom", "n_layer": 70, "hidden_size": 14336, "n_head": 112, "vocab_size": 250880}
        return {"bloom": (config, 176_247_271_424)}
