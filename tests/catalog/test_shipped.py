"""Every product shipped loads, and every figure of it can be traced.

Protects the promise that each figure names a source, carries a band that holds it, and says how it was got where nobody
printed it.
"""

import time
from collections.abc import Iterable

import pytest
from pydantic import BaseModel

from lightloom.accounts.defaults import ACCOUNT_FOLDERS
from lightloom.catalog import loading, products
from lightloom.catalog.products import PRODUCT_FOLDERS, accelerator, nic, node
from lightloom.devices.efficiency import Efficiency
from lightloom.photonics.parts import LinkParts
from lightloom.workload.stack import StackProfile

SHAPES: dict[str, type[BaseModel]] = {
    **PRODUCT_FOLDERS,
    **ACCOUNT_FOLDERS,
    "stacks": StackProfile,
    "calibrations": Efficiency,
    "link-parts": LinkParts,
}
PLAIN = {"models"}
"""Folders without figures: a model is its config.json."""
PRODUCTS = [(folder, name) for folder, name in loading.entries() if folder in (*SHAPES, "links")]
FIXED_NAMES = {
    "accelerators": {"a100-sxm-80gb", "a100-sxm-40gb", "h100-sxm-80gb", "b200-sxm-180gb"},
    "nodes": {"dgx-a100", "dgx-h100", "dgx-b200", "grand-teton-h100"},
    "nics": {"connectx-6", "connectx-7", "connectx-8"},
    "switches": {"tomahawk-4", "tomahawk-5", "quantum-1", "quantum-2", "nvswitch-3"},
    "circuit-switches": {"palomar"},
    "storage": {"tectonic-llama3", "flash-generic"},
}


IDLE = {"nodes/grand-teton-h100#llama"}
"""Sources of what is no figure: how many accelerators and cards the node has."""


def product(folder: str, name: str) -> BaseModel:
    return products.link(name) if folder == "links" else loading.read(folder, name, SHAPES[folder])


def named(pairs: Iterable[tuple[str, str]]) -> list[str]:
    return ["/".join(pair) for pair in pairs]


@pytest.mark.parametrize(("folder", "name"), list(loading.entries()), ids=named(loading.entries()))
def test_every_file_is_well_formed(folder: str, name: str) -> None:
    document = loading.document(folder, name)
    assert document.kind
    assert isinstance(document.entries.get("title"), str)


@pytest.mark.parametrize("folder", FIXED_NAMES)
def test_the_names_studies_use_are_there(folder: str) -> None:
    assert FIXED_NAMES[folder] <= set(loading.names(folder))


def test_every_folder_is_held_to_these_rules() -> None:
    assert {*SHAPES, "links"} == set(loading.FOLDERS) - PLAIN


@pytest.mark.parametrize(("folder", "name"), PRODUCTS, ids=named(PRODUCTS))
def test_every_product_loads_with_a_title(folder: str, name: str) -> None:
    read = product(folder, name)
    told = read.model_dump(include={"name", "title"})
    assert told == {
        "title": loading.document(folder, name).entries["title"],
        **({"name": name} if "name" in told else {}),
    }
    assert loading.figures_of(read)


@pytest.mark.parametrize("name", loading.names("models"))
def test_the_shape_of_a_model_can_be_traced(name: str) -> None:
    assert all(source.title and source.where and source.read for source in loading.document("models", name).sources)
    assert loading.document("models", name).sources


@pytest.mark.parametrize(("folder", "name"), PRODUCTS, ids=named(PRODUCTS))
def test_every_figure_can_be_traced(folder: str, name: str) -> None:
    for key, figure in loading.figures_of(product(folder, name)):
        assert figure.source is not None, key
        assert figure.source.title, key
        assert figure.source.where, key
        assert figure.source.read, key
        assert figure.source.id.startswith(f"{folder}/{name}"), key
        assert figure.low <= figure.value <= figure.high, key
        assert figure.printed, key


@pytest.mark.parametrize(("folder", "name"), PRODUCTS, ids=named(PRODUCTS))
def test_what_nobody_printed_says_how_and_how_far(folder: str, name: str) -> None:
    figures = loading.figures_of(product(folder, name))
    assert [key for key, figure in figures if figure.sure in ("derived", "estimate") and not figure.how] == []
    assert [key for key, figure in figures if figure.sure == "estimate" and not figure.low < figure.high] == []


@pytest.mark.parametrize(("folder", "name"), PRODUCTS, ids=named(PRODUCTS))
def test_no_source_is_idle(folder: str, name: str) -> None:
    used = {figure.source for _, figure in loading.figures_of(product(folder, name))}
    there = {source.id for source in loading.document(folder, name).sources}
    assert there - IDLE == {source.id for source in used if source}


@pytest.mark.parametrize("name", loading.names("nodes"))
def test_nodes_name_parts_that_exist(name: str) -> None:
    read = node(name)
    assert accelerator(read.accelerator).scale_up_domain.value >= read.accelerators
    assert nic(read.nic).rate.value > 0


def test_prices_and_wall_power_are_bands_not_points() -> None:
    keys = ("price", "price_per_port", "price_per_byte", "power_training")
    points = [
        f"{folder}/{name}:{key}"
        for folder, name in PRODUCTS
        for key, figure in loading.figures_of(product(folder, name))
        if key in keys and figure.value and not figure.low < figure.high
    ]
    assert points == []


def test_one_product_is_read_in_about_a_millisecond() -> None:
    loading.document.cache_clear()
    loading.read.cache_clear()
    start = time.perf_counter()
    for folder, name in PRODUCTS:
        product(folder, name)
    assert (time.perf_counter() - start) / len(PRODUCTS) < 20e-3
