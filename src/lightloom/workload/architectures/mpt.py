"""MPT: ALiBi positions (no parameters), layer norm without shift, no biases, two feed-forward matrices, tied output."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from pydantic import Field, model_validator

from lightloom.workload.architecture import Size
from lightloom.workload.ungated import UngatedDecoder


class Mpt(UngatedDecoder):
    """Dense decoder of the MPT family with ``no_bias``."""

    kind: ClassVar[str] = "mpt"
    biased: ClassVar[bool] = False

    layers: Size = Field(validation_alias="n_layers")
    hidden: Size = Field(validation_alias="d_model")
    heads: Size = Field(validation_alias="n_heads")
    expansion_ratio: Size = 4
    no_bias: bool = True

    @model_validator(mode="after")
    def _has_no_bias(self) -> Self:
        if not self.no_bias:
            message = "no_bias: false is not known yet"
            raise ValueError(message)
        return self

    @property
    def inner(self) -> int:
        """As many times the width as the file says."""
        return self.expansion_ratio * self.hidden

    @classmethod
    def specimens(cls) -> Mapping[str, tuple[Mapping[str, Any], int]]:
        """MPT-7B, published as 6,649,286,656 parameters."""
        config = {"model_type": "mpt", "n_layers": 32, "d_model": 4096, "n_heads": 32, "vocab_size": 50432}
        return {"mpt-7b": (config, 6_649_286_656)}
