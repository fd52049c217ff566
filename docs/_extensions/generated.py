"""Pages made from the code before a build: verbs, products with their sources, and kinds of reference cases."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import click
from sphinx.application import Sphinx

from lightloom.cli.main import lightloom
from lightloom.cli.verbs import VERBS
from lightloom.cli.verbs.catalog import describe, listing, shown
from lightloom.study.validation.cases import Vocabulary
from lightloom.study.validation.fabrics import fabric_kinds
from lightloom.study.validation.links import LINK_KINDS


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("builder-inited", write_pages)
    return {"parallel_read_safe": True}


def write_pages(app: Sphinx) -> None:
    """Write the generated pages where the sources are; a page that did not change is left alone."""
    folder = Path(app.srcdir) / "generated"
    folder.mkdir(exist_ok=True)
    pages = {
        "verbs": verbs(),
        "catalog": catalog(),
        "cases": cases("link", LINK_KINDS),
        "fabric-cases": cases("fabric", fabric_kinds()),
    }
    for name, lines in pages.items():
        path, text = folder / f"{name}.md", "\n".join(lines) + "\n"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def verbs() -> Iterator[str]:
    """Every verb's help as the terminal shows it."""
    yield "# Verbs\n"
    yield "Each verb prints what it answers as tables, or with `--json` as one object whose keys are stable."
    context = click.Context(lightloom, info_name="lightloom", max_content_width=80, terminal_width=80)
    for name in VERBS:
        command = lightloom.get_command(context, name)
        if command is not None:
            inside = click.Context(command, info_name=name, parent=context)
            yield f"\n## {name}\n\n```text\n{command.get_help(inside)}\n```"
            for inner, sub in (command.commands if isinstance(command, click.Group) else {}).items():
                help_text = sub.get_help(click.Context(sub, info_name=inner, parent=inside))
                yield f"\n### {name} {inner}\n\n```text\n{help_text}\n```"


def catalog() -> Iterator[str]:
    """Every product: a table of its figures and the documents they were read from."""
    yield "# Catalog\n"
    yield "The value used is SI, one way, dense; beside it stands the figure as printed, with its convention."
    for folder, group in groupby(listing(), key=lambda entry: entry["folder"]):
        yield f"\n## {folder}\n"
        for entry in group:
            yield from _product(describe(folder, entry["name"]))


def cases(subject: str, kinds: Vocabulary) -> Iterator[str]:
    """Every kind of reference cases of a subject: what can be asked, and its parameters."""
    yield f"# Kinds of {subject} cases\n"
    yield "What is required depends on the quantity; what a kind does not list is an error."
    for name, kind in kinds.items():
        units = {each: " or ".join((quantity.unit, *quantity.units)) for each, quantity in kind.quantities.items()}
        asked = ", ".join(f"`{each}` ({unit})" for each, unit in units.items())
        yield f"\n## `{name}`\n\n{kind.params.__doc__}\n\nQuantities: {asked}\n"
        yield "| parameter | value | default |\n|---|---|---|"
        schema = kind.params.model_json_schema()
        for parameter, shape in schema["properties"].items():
            default = shape.get("default")
            yield f"| `{parameter}` | {_cell(_value(shape, schema))} | {'' if default is None else default} |"


def _value(shape: dict[str, Any], schema: dict[str, Any]) -> str:
    """What a parameter may be, in words."""
    if "anyOf" in shape or "oneOf" in shape:
        arms = [arm for arm in shape.get("anyOf", shape.get("oneOf")) if arm.get("type") != "null"]
        return " or ".join(_value(arm, schema) for arm in arms)
    if "$ref" in shape:
        inner = schema["$defs"][shape["$ref"].split("/")[-1]]["properties"]
        return "{" + ", ".join(f"{key}: {_value(value, schema)}" for key, value in inner.items()) + "}"
    if "prefixItems" in shape:
        return "[" + ", ".join(_value(each, schema) for each in shape["prefixItems"]) + "]"
    if shape.get("type") == "array":
        return f"list of {_value(shape['items'], schema)}"
    if "enum" in shape or "const" in shape:
        return " or ".join(shape.get("enum", [shape.get("const")]))
    limits = {"exclusiveMinimum": "> {:g}", "minimum": ">= {:g}", "exclusiveMaximum": "< {:g}", "maximum": "<= {:g}"}
    said = [form.format(shape[key]) for key, form in limits.items() if key in shape and abs(shape[key]) < 1e30]
    return " ".join((str(shape["type"]), *said))


def _product(product: dict[str, Any]) -> Iterator[str]:
    yield f"\n### {product['name']}\n\n**{product.get('title', '')}**\n"
    if product.get("note"):
        yield f"{product['note']}\n"
    order = {source["id"]: index for index, source in enumerate(product["sources"], start=1)}
    if product["figures"]:
        yield "| figure | used | band | sure | as printed | where |\n|---|---|---|---|---|---|"
        for figure in product["figures"]:
            yield _row(figure, order)
        yield ""
    for source in product["sources"]:
        yield f"{order[source['id']]}. {_cell(source['title'])}. {_cell(source['where'])}"


def _row(figure: dict[str, Any], order: dict[str, int]) -> str:
    unit = figure["unit"]
    certain = figure["low"] == figure["high"]
    band = "" if certain else f"{shown(figure['low'], unit)} … {shown(figure['high'], unit)}"
    number = f"({order[figure['source']]}) " if figure["source"] in order else ""
    words = "; ".join(part for part in (figure["at"], figure["how"]) if part)
    cells = (figure["key"], shown(figure["value"], unit), band, figure["sure"], figure["printed"], number + words)
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _cell(text: str) -> str:
    escaped = text.replace("\\", "\\\\")
    for character in "|*_$<[`":
        escaped = escaped.replace(character, f"\\{character}")
    return escaped
