"""The ``failed`` entry of a network: switches and cables that are bought and do not work."""

from typing import Annotated, TypeAlias

from pydantic import Discriminator, Field, Tag

from lightloom.core.specs import Spec
from lightloom.core.units import Share

Label: TypeAlias = Annotated[str, Field(min_length=1, max_length=100)]


class DrawSpec(Spec):
    """Elements drawn at random; of one seed, a larger draw holds the smaller ones.

    Args:
        share: Of all there are, to the nearest whole number.
        count: How many, where no share is stated.
        of: Kind of switches such as ``leaf``, or level of cables such as ``host``; left out: any.
        seed: Of the draw.
    """

    share: Annotated[Share, Field(ge=0, le=1)] | None = None
    count: Annotated[int, Field(ge=0, le=10_000_000)] | None = None
    of: Annotated[str, Field(max_length=50)] = ""
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 0


def _written_as(value: object) -> str:
    return "draw" if isinstance(value, (dict, DrawSpec)) else "names"


Elements: TypeAlias = Annotated[
    Annotated[tuple[Label, ...], Tag("names")] | Annotated[DrawSpec, Tag("draw")], Discriminator(_written_as)
]
"""Names as on labels and in the cable schedule, or a draw."""


class FailedSpec(Spec):
    """What has failed of one network.

    Args:
        switches: Such as ``[leaf-003, spine-001]``; a switch of a scale-up domain, which are one device in the cable
            schedule, is ``scale-up-003.2``.
        links: Cables, such as ``[out-leaf-000123]``.
    """

    switches: Elements = ()
    links: Elements = ()
