"""MPT: ALiBi positions (no parameters), layer norm without shift, no biases, two feed-forward matrices, tied output."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from pydantic import model_validator

from lightloom.workload.architecture import Architecture, Size
from lightloom.workload.model import Model


class Mpt(Architecture):
    """Dense decoder of the MPT family with ``no_bias``."""

    kind: ClassVar[str] = "mpt"

    n_layers: Size
    d_model: Size
    n_heads: Size
    expansion_ratio: Size = 4
    vocab_size: Size
    no_bias: bool = True
    tie_word_embeddings: bool = True

    @model_validator(mode="after")
    def _divides(self) -> Self:
        if self.d_model % self.n_heads:
            message = f"d_model {self.d_model} is not a multiple of n_heads {self.n_heads}"
            raise ValueError(message)
        if not self.no_bias:
            message = "no_bias: false is not known yet"
            raise ValueError(message)
        return self

    def model(self, name: str) -> Model:
        """Return the shape."""
        return Model(
            name=name,
            architecture=self.kind,
            layers=self.n_layers,
            hidden=self.d_model,
            heads=self.n_heads,
            kv_heads=self.n_heads,
            head_dim=self.d_model // self.n_heads,
            feed_forward=self.expansion_ratio * self.d_model,
            gated=False,
            vocabulary=self.vocab_size,
            tied=self.tie_word_embeddings,
            norm="layer",
            norm_shift=False,
        )

    @classmethod
    def specimens(cls) -> Mapping[str, tuple[Mapping[str, Any], int]]:
        """MPT-7B, published as 6,649,286,656 parameters."""
        config = {"model_type": "mpt", "n_layers": 32, "d_model": 4096, "n_heads": 32, "vocab_size": 50432}
        return {"mpt-7b": (config, 6_649_286_656)}
