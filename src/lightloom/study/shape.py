"""What the schema of a study expects at a place: its known keys, and the key a scalar is short for.

Read from pydantic's own core schema, so that sections built from registries (unions by ``topology``) are seen as they
are validated, and there is no second description to keep.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias, cast

from pydantic import BaseModel

from lightloom.core.specs import Principal
from lightloom.study.node import KeyPath, Node

Schema: TypeAlias = Mapping[str, Any]
"""A pydantic core schema: nested dictionaries, each with its ``type``."""

KIND_KEYS = ("topology", "kind", "scheduler")
"""The keys by which a mapping says what it is."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What may stand at one place.

    Args:
        fields: Known keys, each with its schema; of all alternatives where the document does not decide between them.
        open: Whether other keys are accepted too.
        principal: What a scalar is short for.
        item: Schema of the items, where a list is expected.
        definitions: Schemas that others refer to.
    """

    fields: Mapping[str, Schema]
    open: bool
    principal: Principal | None
    item: Schema | None
    definitions: Mapping[str, Schema]

    def below(self, part: str | int, node: Node | None) -> "Shape | None":
        """Return the shape of an entry or item; None if the schema knows none."""
        schema = self.item if isinstance(part, int) else self.fields.get(part)
        return _shape(schema, node, self.definitions) if schema is not None else None


def shape_of(model: type[BaseModel], document: Node | None = None) -> Shape:
    """Return the shape of a whole document."""
    return _shape(cast("Schema", model.__pydantic_core_schema__), document, {})


def shape_at(model: type[BaseModel], document: Node, path: KeyPath) -> Shape | None:
    """Return the shape of the place a path leads to; None if the schema has no such place."""
    shape: Shape | None = shape_of(model, document)
    node: Node | None = document
    for part in path:
        node = node.child(part) if node is not None else None
        shape = shape.below(part, node) if shape is not None else None
    return shape


def expand(node: Node, shape: Shape | None, context: Node | None = None) -> Node:
    """Return the node with every scalar that is short for a mapping written out, at all depths.

    Args:
        node: Part of a document.
        shape: What may stand there.
        context: The same part merged with what it extends, which may say its kind where ``node`` does not.
    """
    if shape is None:
        return node
    content = node.content
    if shape.principal is not None and content is not None and not isinstance(content, (dict, tuple)):
        content = {key: Node(content, node.place) for key in shape.principal.keys}
    if isinstance(content, dict):
        content = {key: _expanded_entry(key, child, shape, context) for key, child in content.items()}
    elif isinstance(content, tuple):
        content = tuple(_expanded_entry(index, child, shape, None) for index, child in enumerate(content))
    return replace(node, content=content)


def refusable(node: Node, shape: Shape | None, base: Node | None) -> Node:
    """Return the node with an empty text for each null under a key that neither the schema nor the base knows.

    Null deletes a key; where there is none to delete it would vanish in silence, misspelt or not.
    """
    if shape is None or not isinstance(node.content, dict):
        return node
    content: dict[str, Node] = {}
    for key, child in node.content.items():
        below = base.child(key) if base is not None else None
        if child.content is not None:
            content[key] = refusable(child, shape.below(key, child), below)
        else:
            known = shape.open or key in shape.fields or not shape.fields or below is not None
            content[key] = child if known else replace(child, content="")
    return replace(node, content=content)


def _expanded_entry(part: str | int, child: Node, shape: Shape, context: Node | None) -> Node:
    seen = context.child(part) if context is not None else None
    return expand(child, shape.below(part, seen or child), seen)


def _shape(schema: Schema, node: Node | None, definitions: Mapping[str, Schema]) -> Shape:
    known = dict(definitions)
    fields: dict[str, Schema] = {}
    accepts_more, principal, item = False, None, None
    for found in _leaves(schema, node, known):
        kind = found["type"]
        if isinstance(found.get("principal"), Principal):
            principal = found["principal"]
        elif kind == "model":
            accepts_more |= found.get("config", {}).get("extra_fields_behavior") == "allow"
        elif kind == "model-fields":
            for name, entry in found["fields"].items():
                fields.setdefault(name, entry["schema"])
        elif kind in ("tuple", "list"):
            item = _item(found)
        elif kind == "dict":
            accepts_more = True
    return Shape(fields, accepts_more, principal, item, known)


def _leaves(schema: Schema, node: Node | None, definitions: dict[str, Schema]) -> Iterator[Schema]:
    """Every schema that may decide at this place, wrappers and references followed."""
    kind = schema["type"]
    if kind == "definitions":
        definitions.update({str(entry["ref"]): entry for entry in schema["definitions"]})
        yield from _leaves(schema["schema"], node, definitions)
    elif kind == "definition-ref":
        if schema["schema_ref"] in definitions:
            yield from _leaves(definitions[schema["schema_ref"]], node, definitions)
    elif kind == "tagged-union":
        for choice in _choices(schema, node):
            yield from _leaves(choice, node, definitions)
    elif kind == "union":
        for choice in cast("list[Schema | tuple[Schema, str]]", schema["choices"]):
            yield from _leaves(choice[0] if isinstance(choice, tuple) else choice, node, definitions)
    else:
        if kind == "function-before":
            yield {"type": "short", "principal": getattr(schema["function"]["function"], "__self__", None)}
        yield schema
        if "schema" in schema:
            yield from _leaves(schema["schema"], node, definitions)


def _choices(schema: Schema, node: Node | None) -> list[Schema]:
    choices = cast("Mapping[Any, Schema]", schema["choices"])
    chosen = node.child(str(schema["discriminator"])) if node is not None else None
    if chosen is not None and isinstance(chosen.content, str) and chosen.content in choices:
        return [choices[chosen.content]]
    return list(choices.values())


def _item(schema: Schema) -> Schema | None:
    if schema["type"] == "list":
        return schema.get("items_schema")
    items = cast("list[Schema]", schema.get("items_schema") or [])
    return items[0] if items and schema.get("variadic_item_index") == 0 else None
