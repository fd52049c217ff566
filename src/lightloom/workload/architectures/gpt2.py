"""GPT-2, GPT-3 and the GPTs of Megatron: learned positions, layer norm, two feed-forward matrices, tied output."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from pydantic import Field

from lightloom.workload.architecture import Size
from lightloom.workload.model import Model
from lightloom.workload.ungated import UngatedDecoder


class Gpt2(UngatedDecoder):
    """Dense decoder of the GPT family, biases throughout."""

    kind: ClassVar[str] = "gpt2"

    layers: Size = Field(validation_alias="n_layer")
    hidden: Size = Field(validation_alias="n_embd")
    heads: Size = Field(validation_alias="n_head")
    n_inner: Size | None = None
    n_positions: Size

    @property
    def inner(self) -> int:
        """As the file says; else four times the width."""
        return self.n_inner or super().inner

    def model(self, name: str) -> Model:
        """Return the shape."""
        return replace(super().model(name), positions=self.n_positions)

    @classmethod
    def specimens(cls) -> Mapping[str, tuple[Mapping[str, Any], int]]:
        """GPT-2 (124,439,808 parameters) and GPT-3 175B (174.6 billion, Brown et al. 2020, Table 2.1: 175.0)."""
        small = {
            "model_type": "gpt2", "n_layer": 12, "n_embd": 768, "n_head": 12, "n_positions": 1024, "vocab_size": 50257
        }  # fmt: skip
        return {"gpt2": (small, 124_439_808)}
