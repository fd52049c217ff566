"""The bill of a design: every part of its cluster, at the study's prices."""

from lightloom.accounts.bill import Bill, JobShare, Products, bill
from lightloom.accounts.operation import unused_prices
from lightloom.core.errors import StudyError
from lightloom.study.design import Design


def bill_of(design: Design) -> Bill:
    """Return every part of a design's cluster.

    Raises:
        StudyError: The study sets a price of something the cluster does not hold; at its lines.
    """
    scenario = design.scenario
    products = Products(
        node=scenario.node,
        packet_switches={each.name: each for each in scenario.packet_switches},
        circuit_switches={each.name: each for each in scenario.circuit_switches},
        links={each.name: each for each in scenario.links},
        lines={each.name: each for each in scenario.lines},
    )
    parts = bill(design.fabric, products, scenario.storage, scenario.operation, share_of(design))
    unused = unused_prices(scenario.operation, frozenset(part.product for part in parts.parts))
    if unused:
        raise StudyError(scenario.placed(fault, "operation") for fault in unused)
    return parts


def share_of(design: Design) -> JobShare:
    """Return which part of the cluster the job holds."""
    scenario = design.scenario
    spares = scenario.job.spares or None
    return JobShare(scenario.job.accelerators, spares, scenario.count, scenario.node.accelerators)
