"""What decoders without gates share: layer norms, two feed-forward matrices, keys and values for every head."""

from typing import ClassVar, Self

from pydantic import model_validator

from lightloom.workload.architecture import Architecture, Size, refuse_remainder
from lightloom.workload.model import Model


class UngatedDecoder(Architecture):
    """A dense decoder without gates; a family says how its config.json writes the fields, and what it adds."""

    biased: ClassVar[bool] = True
    """Whether projections and feed-forward matrices have a bias, and layer norms a shift."""

    layers: Size
    hidden: Size
    heads: Size
    vocab_size: Size
    tie_word_embeddings: bool = True

    @model_validator(mode="after")
    def _divides(self) -> Self:
        refuse_remainder(self, "hidden", "heads")
        return self

    @property
    def inner(self) -> int:
        """Inner width of the feed-forward block."""
        return 4 * self.hidden

    def model(self, name: str) -> Model:
        """Return the shape."""
        return Model(
            name=name,
            architecture=self.kind,
            layers=self.layers,
            hidden=self.hidden,
            heads=self.heads,
            kv_heads=self.heads,
            head_dim=self.hidden // self.heads,
            feed_forward=self.inner,
            gated=False,
            vocabulary=self.vocab_size,
            tied=self.tie_word_embeddings,
            norm="layer",
            norm_shift=self.biased,
            attention_bias=self.biased,
            output_bias=self.biased,
            feed_forward_bias=self.biased,
        )
