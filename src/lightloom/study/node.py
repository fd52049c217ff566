"""What a study is made of: values, each with the place it was written, so that any later fault can point to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, cast

from lightloom.core.errors import Fault

DEPTH_LIMIT = 32
"""Mappings and lists inside one another."""

Scalar: TypeAlias = str | int | float | bool | None
KeyPath: TypeAlias = tuple[str | int, ...]
Content: TypeAlias = "Scalar | dict[str, Node] | tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was written.

    Args:
        file: As the user named it; None for input through the command line or Python.
        line: From 1.
        manner: How it came where there is no file, such as ``set on the command line``.
    """

    file: str | None = None
    line: int | None = None
    manner: str = ""


@dataclass(frozen=True, slots=True)
class Switch:
    """A kind that an extending study changed.

    Args:
        place: Where it was changed.
        kind: The new one as written, such as ``topology 'clos'``.
        inherited: Keys left standing that were written for the old kind.
    """

    place: Place
    kind: str
    inherited: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One value of a document.

    Args:
        content: A scalar, a mapping to nodes, or a tuple of nodes.
        place: Where its key stands (for the root and items of lists: where it begins).
        switch: For a mapping whose kind an extending study changed.
    """

    content: Content
    place: Place = field(default_factory=Place)
    switch: Switch | None = None

    @property
    def plain(self) -> object:
        """The value without places: dictionaries, lists and scalars."""
        if isinstance(self.content, dict):
            return {key: node.plain for key, node in self.content.items()}
        if isinstance(self.content, tuple):
            return [node.plain for node in self.content]
        return self.content

    @property
    def entries(self) -> Mapping[str, "Node"]:
        """The entries of a mapping; none if it is something else."""
        return self.content if isinstance(self.content, dict) else {}

    def child(self, part: str | int) -> "Node | None":
        """Return the entry or item of that name or index, if there is one."""
        if isinstance(self.content, dict):
            return self.content.get(str(part))
        if isinstance(self.content, tuple) and isinstance(part, int) and 0 <= part < len(self.content):
            return self.content[part]
        return None

    def find(self, path: KeyPath) -> "Node | None":
        """Return the node at a path, if there is one."""
        node: Node | None = self
        for part in path:
            node = node.child(part) if node is not None else None
        return node

    def nearest(self, path: KeyPath) -> "Node":
        """Return the node at a path, or the closest one above it that was written."""
        node = self
        for part in path:
            below = node.child(part)
            if below is None:
                break
            node = below
        return node

    def fault(self, path: KeyPath, message: str, hint: str = "") -> Fault:
        """Return a fault at the place of a path, or of the closest thing above it that was written."""
        place = self.nearest(path).place
        return fault_at(place, path, message, hint)


def fault_at(place: Place, path: KeyPath, message: str, hint: str = "") -> Fault:
    """Return a fault at a place."""
    said = f"{message} ({place.manner})" if place.manner else message
    return Fault(".".join(str(part) for part in path), said, hint, place.file, place.line)


def node_of(value: object, place: Place, depth: int = 0) -> Node:
    """Return the node of a Python value.

    Raises:
        ValueError: It is neither a mapping with text keys, a list, a tuple, nor a scalar; or it is nested too deeply.
    """
    if depth > DEPTH_LIMIT:
        message = f"nested more than {DEPTH_LIMIT} deep"
        raise ValueError(message)
    if isinstance(value, Mapping):
        items = cast("Mapping[object, object]", value).items()
        return Node({_text_key(key): node_of(item, place, depth + 1) for key, item in items}, place)
    if isinstance(value, (list, tuple)):
        parts = cast("list[object] | tuple[object, ...]", value)
        return Node(tuple(node_of(item, place, depth + 1) for item in parts), place)
    if value is None or isinstance(value, (str, int, float, bool)):
        return Node(value, place)
    if hasattr(value, "item"):  # a NumPy scalar
        return node_of(value.item(), place, depth + 1)  # type: ignore[union-attr]
    message = f"a study cannot hold {type(value).__name__} values"
    raise ValueError(message)


def _text_key(key: object) -> str:
    if isinstance(key, str):
        return key
    message = f"a key is a text, not {key!r:.40}"
    raise ValueError(message)
