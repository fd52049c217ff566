"""What every catalog product has: a kind, a name and a title; its figures are fields of its subclass."""

from typing import ClassVar

from pydantic import BaseModel, ConfigDict


class Product(BaseModel):
    """One product of the catalog.

    Args:
        name: Its file's stem, the word studies use.
        title: What a person calls it.
        preview: Announced, not sold or measured yet.
        note: What a reader must know before using its figures.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: ClassVar[str] = "product"

    name: str
    title: str
    preview: bool = False
    note: str = ""
