"""Every part of a fabric is on the bill once, the job pays its share, and what a node contains is not paid twice.

Facts protected: counts are those of the fabric; modules inside the measured node are taken off before links are added;
products inside nodes bring neither watts nor dollars. Source: the design's rule on energy boundaries.
"""

from types import SimpleNamespace

import pytest

from lightloom.accounts.bill import Bill, JobShare, Products, bill
from lightloom.accounts.failures import causes, stop_rate
from lightloom.accounts.operation import (
    OperationSpec,
    StorageSpec,
    resolve,
    resolve_storage,
    unused_prices,
)
from lightloom.catalog import loading, products
from lightloom.core.errors import CatalogError
from lightloom.fabric.fabric import Cables, Item
from lightloom.photonics.links import LinkPolicy, LinkRequest, choose

LINKS = {name: products.link(name) for name in loading.names("links")}
SHARE = JobShare(accelerators=1024, spares=64, cluster=2048, per_node=8)


class Stub(SimpleNamespace):
    """What accounts read of a fabric; remembered by what it is, as a fabric is."""

    __hash__ = object.__hash__


def fabric(*, host="400g-dac", leaf="400g-dr4", host_count=2048, leaf_count=2048):
    requests = [
        LinkRequest(0.6, 3.6e12, 2048, ("nvlink4",), ("nvlink4",)),
        LinkRequest(2.0, 400e9, host_count, (host,), (host,)),
        LinkRequest(30.0, 400e9, leaf_count // 2, (leaf,), (leaf,)),
        LinkRequest(60.0, 400e9, leaf_count // 2, (leaf,), (leaf,)),
    ]
    table = choose(requests, LinkPolicy(), LINKS)
    domains = ("scale_up", "scale_out", "scale_out", "scale_out")
    inventory = (
        Item("scale-up switch", "nvswitch-3", "packet-switch", 1024, "scale_up", "scale-up"),
        Item("leaf switch", "tomahawk-4", "packet-switch", 64, "scale_out", "leaf"),
        Item("spine switch", "tomahawk-4", "packet-switch", 32, "scale_out", "spine"),
        Item("core switch", "palomar", "circuit-switch", 4, "scale_out", "core"),
    )
    cables = Cables(domains, ("host", "host", "leaf", "leaf"), table)
    alone = {"levels": (), "transport": None, "fabrics": ("",), "beside": ()}
    return Stub(cables=cables, inventory=inventory, **alone)


def parts_of(node="dgx-h100"):
    return Products(
        node=products.node(node),
        packet_switches={name: products.packet_switch(name) for name in ("tomahawk-4", "nvswitch-3")},
        circuit_switches={"palomar": products.circuit_switch("palomar")},
        links=LINKS,
        lines={"c-band-g652": products.line_system("c-band-g652")},
    )


def listed(spec=None, share=SHARE, **shape) -> Bill:
    operation = resolve(OperationSpec.model_validate(spec or {}))
    return bill(
        fabric(**shape), parts_of(), resolve_storage(None, operation, accelerators=share.cluster), operation, share
    )


def by_product(account: Bill):
    counts = {}
    for part in account.parts:
        counts[part.product] = counts.get(part.product, 0) + part.count
    return counts


def test_every_part_is_there_once():
    counts = by_product(listed())
    assert counts == {
        "dgx-h100": 256, "tomahawk-4": 96, "palomar": 4, "400g-dac": 4096, "400g-dr4": 4096, "400g-dr4 fibre": 2048,
        "flash-generic": 32,
    }  # fmt: skip


def test_what_is_inside_the_node_is_not_paid_twice():
    account = listed()
    assert not {"nvswitch-3", "nvlink4"} & set(by_product(account))
    node = products.node("dgx-h100")
    part = next(part for part in account.parts if part.load == "job")
    assert part.power.value == node.power_training.value - node.power_module_share.value
    assert part.nameplate.value == node.power_nameplate.value - node.power_module_share.value
    assert any("taken off" in text for text in account.assumptions)


def test_the_job_pays_its_nodes_its_spares_and_its_share_of_the_rest():
    account = listed()
    nodes = [part for part in account.parts if part.group == "node"]
    assert [(part.count, part.billed, part.load) for part in nodes] == [
        (128, 1.0, "job"), (8, 1.0, "idle"), (120, 0.0, "idle"),
    ]  # fmt: skip
    assert {part.billed for part in account.parts if part.group != "node"} == {136 / 256}
    whole = listed(share=JobShare(2048, None, 2048, 8))
    assert {part.billed for part in whole.parts} == {1.0}
    assert not any("share of" in text for text in whole.assumptions)


def test_spares_are_no_more_than_the_cluster_has():
    assert JobShare(2048, 512, 2048, 8).spare_nodes == 0
    assert JobShare(2040, 20, 2048, 8).spare_nodes == 1


def test_a_cables_price_is_its_mean_over_lengths():
    fibre = next(part for part in listed().parts if part.group == "fibre")
    link = LINKS["400g-dr4"]
    expected = link.medium_price.value + link.medium_price_per_length.value * 45.0
    assert fibre.price.value == pytest.approx(expected)
    assert fibre.price.low < fibre.price.value < fibre.price.high
    assert fibre.price.source == link.medium_price.source


def test_the_studys_own_prices_replace_the_catalogs():
    own = {"prices": {"400g-dr4": "350 USD", "dgx-h100": "200000 USD", "palomar": "60000 USD"}}
    account = listed(own)
    prices = {part.product: part.price for part in account.parts}
    assert (prices["400g-dr4"].value, prices["dgx-h100"].value, prices["palomar"].value) == (350.0, 200000.0, 60000.0)
    assert prices["400g-dr4"].source is None


def test_a_price_of_nothing_in_the_cluster_is_a_fault():
    operation = resolve(OperationSpec.model_validate({"prices": {"400g-dr5": "350 USD"}}))
    (fault,) = unused_prices(operation, frozenset(by_product(listed())))
    assert fault.key == "prices.400g-dr5"
    assert "400g-dr4" in fault.hint


def test_sources_of_every_figure_are_kept():
    sources = {source.id.split("#")[0] for source in listed().sources}
    assert {"nodes/dgx-h100", "switches/tomahawk-4", "links/400g-dr4", "storage/flash-generic"} <= sources


def stops(built, profile, share):
    return causes(built, profile, share, links=LINKS, parts=products.link_parts())


def test_failures_of_the_network_follow_its_links():
    profile = resolve(OperationSpec()).failures
    share = JobShare(2048, None, 2048, 8)
    found = {cause.item: cause for cause in stops(fabric(), profile, share)}
    assert not [item for item in found if "scale-up" in item]
    host = found["scale-out host links (400g-dac), hard failures"]
    leaf, flaps = (found[f"scale-out leaf links (400g-dr4), {what}"] for what in ("hard failures", "flaps"))
    assert host.felt.chance == profile.lost_per_edge_failure
    assert leaf.felt.chance == flaps.felt.chance == profile.lost_per_flap
    assert leaf.fit.value == pytest.approx(2 * LINKS["400g-dr4"].hard_fit.value)
    assert (found["first switches"].count, found["switches above"].count) == (64, 32)
    flappy, calm = stops(fabric(), profile, share), stops(fabric(leaf="400g-dr4-lpo"), profile, share)
    assert stop_rate(calm) < stop_rate(flappy)
    part = {cause.item: cause.count for cause in stops(fabric(), profile, SHARE)}
    assert part["first switches"] == 64 * SHARE.billed
    assert part["scale-out leaf links (400g-dr4), flaps"] == 2048 * SHARE.billed


def test_storage_is_a_product_or_what_the_study_gives():
    operation = resolve(OperationSpec())
    given = resolve_storage(
        StorageSpec.model_validate({"read": "2 TB/s", "write": "1 TB/s", "capacity": "240 PB"}),
        operation, accelerators=24576,
    )  # fmt: skip
    assert (given.name, given.read.value, given.write.value) == ("study", 2e12, 1e12)
    assert given.price.value == pytest.approx(240e15 * operation.assumed.storage_price.value)
    assert given.power.value == pytest.approx(240 * operation.assumed.storage_power_per_petabyte.value)
    servers = resolve_storage(StorageSpec(like="flash-generic", count=10), operation, accelerators=64)
    one = products.storage("flash-generic")
    assert servers.read.value == pytest.approx(10 * one.read.value)
    assert servers.write.value == pytest.approx(10 * one.write.value)
    assert servers.capacity.value == pytest.approx(10 * one.capacity.value)
    assert servers.power.value == pytest.approx(10 * one.power.value)
    assert servers.price.value == pytest.approx(10 * one.capacity.value * one.price_per_byte.value)
    faster = resolve_storage(
        StorageSpec.model_validate({"like": "tectonic-llama3", "write": "5 TB/s"}), operation, accelerators=24576
    )
    assert (faster.write.value, faster.read.value) == (5e12, 2e12)


@pytest.mark.parametrize(
    ("model", "section", "word"),
    [
        (OperationSpec, {"electricity": "0.08"}, "unit"), (OperationSpec, {"electricity": 0.08}, "unit"),
        (OperationSpec, {"pue": 0.9}, "1 … 4"), (OperationSpec, {"pue": "nan"}, "ratio"),
        (OperationSpec, {"lifetime": "0 years"}, "1 month"), (OperationSpec, {"lifetime": "-1 years"}, "outside"),
        (OperationSpec, {"capital_cost": "8 %"}, "%/year"), (OperationSpec, {"checkpoint": "never"}, "async"),
        (OperationSpec, {"checkpoint": {"interval": "0 s"}}, "1 s … 1 year"), (OperationSpec, {"price": 1}, "Extra"),
        (OperationSpec, {"prices": {"dgx-h100": 5}}, "unit"), (StorageSpec, {"read": "2 TB/s"}, "write and capacity"),
        (StorageSpec, {"like": "flash-generic", "read": "2 TB"}, "bandwidth"),
    ],
)  # fmt: skip
def test_a_wrong_section_says_what_was_expected(model, section, word):
    with pytest.raises(ValueError, match=word):
        model.model_validate(section)


def test_short_forms_set_the_principal_key():
    spec = OperationSpec.model_validate({"lifetime": "4 years", "checkpoint": "sync"})
    operation = resolve(spec)
    assert operation.lives.accelerators.value == pytest.approx(4 * 365.25 * 86400)
    assert operation.lives.network == resolve(OperationSpec()).lives.network
    assert operation.checkpoint.mode == "sync"
    assert operation.lives.accelerators.source is None


def test_schema_for_editors_can_be_made():
    schema = OperationSpec.model_json_schema()
    assert schema["properties"]["prices"]["type"] == "object"
    assert StorageSpec.model_json_schema()["properties"]["count"]


def test_an_unknown_profile_is_refused_with_the_nearest_name():
    with pytest.raises(CatalogError, match="llama3-54-days"):
        resolve(OperationSpec(failures="llama-54-days"))
    with pytest.raises(CatalogError, match="default"):
        resolve(OperationSpec(like="defaults"))
