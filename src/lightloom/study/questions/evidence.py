"""What a demand rests on: assumptions as text, and the documents behind its figures."""

from collections.abc import Iterator, Sequence

from lightloom.catalog import products
from lightloom.catalog.loading import figures_of
from lightloom.core.provenance import Source
from lightloom.photonics.product import LinkProduct
from lightloom.study.questions.copper import OPTICAL
from lightloom.study.questions.wall import Cell, Lane, Site
from lightloom.study.scenario import Scenario


def assumptions(scenario: Scenario, site: Site, cells: Sequence[Cell]) -> Iterator[str]:
    """Return what was taken as given or left out, as text for the reader."""
    room, floor, rack = site.room, site.floor, site.rack
    policy = scenario.fabric.scale_up.policy
    worst = "parts at their guaranteed limits" if policy.mode == "spec_min" else "the worst of a hundred cables"
    yield (
        f"A cable closes if {worst} leave {policy.margin:g} dB of margin; for copper that is insertion loss at the "
        "Nyquist frequency of the lane."
    )
    if policy.temperature is not None:
        yield f"Copper and the cases of modules are at {policy.temperature:g} °C."
    yield (
        "A domain has one stage of switches, every accelerator joined to all of them; one of more accelerators than a "
        "switch has ports is taken to have chassis, whose inner links are boards and are not counted."
    )
    yield (
        f"A rack has {room.rack_units:g} units for nodes and switches, {rack.switch_bandwidth.value / 1e12:g} TB/s of "
        f"switching a unit and {room.lead:g} m from a port to the run between trays, as in {rack.title}."
    )
    yield (
        "Switches of a domain within one rack stand amid its nodes. A wider one has switch racks of its own in the "
        "middle; the racks on either side of them reach one sideways, all others over the tray: "
        f"{floor.vertical:g} m up and down, along rows {floor.row_pitch:g} m apart, {floor.slack:.0%} slack."
    )
    if site.node.rack_units is None:
        yield f"{site.node.title}: its height is not known; one unit an accelerator is taken."
    yield "Watts are those of cable ends; SerDes are counted with accelerators and switches, whatever the medium."
    yield "Copper serves up to its reach, the plainest first; a cable made for a faster lane serves a slower one."
    yield "Optics are the cheapest modules of the lane rate that close over the longest cable, sold before announced."
    if any(row.technology == OPTICAL and not row.product for each in cells for row in each.rows):
        yield "Where the catalog holds no optics of a lane rate, ports have eight lanes; watts and dollars stay open."
    yield (
        "What the job would send in domains of other sizes is computed on networks that never block, with its recipe "
        "unchanged: ranks keep their order."
    )
    if scenario.fabric.beside:
        yield "There all network cards of a node are on one network, whatever fabrics the cluster has side by side."


def sources(scenario: Scenario, site: Site, lanes: Sequence[Lane], cells: Sequence[Cell]) -> tuple[Source, ...]:
    """Return the documents behind every figure that was used."""
    by_name: dict[str, LinkProduct] = {each.name: each for each in scenario.links}
    used = {row.product for each in cells for row in each.rows if row.product}
    used |= {rung.product.name for lane in lanes for rung in lane.rungs}
    models = [site.node, site.rack, scenario.accelerator, *(by_name[name] for name in used)]
    models += products.accelerator.every()
    found = {figure.source for model in models for _, figure in figures_of(model) if figure.source is not None}
    return tuple(sorted(found))
