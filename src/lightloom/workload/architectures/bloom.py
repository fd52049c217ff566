"""BLOOM: ALiBi positions, a norm after the embedding, biases throughout, two feed-forward matrices, tied output."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from pydantic import AliasChoices, Field

from lightloom.workload.architecture import Size
from lightloom.workload.model import Model
from lightloom.workload.ungated import UngatedDecoder


class Bloom(UngatedDecoder):
    """Dense decoder of the BLOOM family."""

    kind: ClassVar[str] = "bloom"

    layers: Size = Field(validation_alias=AliasChoices("n_layer", "num_hidden_layers"))
    hidden: Size = Field(validation_alias=AliasChoices("hidden_size", "n_embed"))
    heads: Size = Field(validation_alias=AliasChoices("n_head", "num_attention_heads"))

    def model(self, name: str) -> Model:
        """Return the shape."""
        return replace(super().model(name), embedding_norm=True)

    @classmethod
    def specimens(cls) -> Mapping[str, tuple[Mapping[str, Any], int]]:
        """BLOOM, published as 176,247,271,424 parameters."""
        config = {"model_type": "bloom", "n_layer": 70, "hidden_size": 14336, "n_head": 112, "vocab_size": 250880}
        return {"bloom": (config, 176_247_271_424)}
