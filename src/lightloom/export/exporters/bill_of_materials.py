"""What to buy for the whole cluster: devices, modules, and every length of cable."""

from collections.abc import Iterator

from lightloom.accounts.bill import Part
from lightloom.accounts.cost import CostAccount
from lightloom.accounts.power import PowerAccount
from lightloom.core.errors import StudyError
from lightloom.export.cells import Cell, table
from lightloom.export.exporter import Exporter
from lightloom.fabric.fabric import Cables
from lightloom.study.design import design_of
from lightloom.study.evaluation import Evaluation

_HEADER = ("item", "group", "product", "count", "length_m", "usd_each", "usd_total", "watts")


class BillOfMaterials(Exporter):
    """Parts of the whole cluster; dollars and watts sum to the answer's, less the facility's.

    A cable's row has the dollars of the cable alone: what sits at its ends has rows of its own. Cables inside a node
    are part of it.

    Leaves out: the facility, racks, patch panels, management network.
    """

    kind = "bill-of-materials"
    suffix = ".csv"
    description = "parts to buy, cables by level, products and length"
    signature = ",".join(_HEADER) + "\n"

    def write(self, evaluation: Evaluation) -> str:
        """Return devices and cable ends in the order of the accounts, then cables, level by level."""
        if evaluation.cost is None or evaluation.power is None:
            message = "no bill of materials: the job never takes a step, and nothing was priced"
            raise StudyError(evaluation.scenario.fault("", message, "lightloom run says why"))
        cables = design_of(evaluation.scenario).fabric.cables
        return table(_HEADER, [*_parts(evaluation.cost, evaluation.power, cables), *_cables(cables)])


def _parts(cost: CostAccount, power: PowerAccount, cables: Cables) -> Iterator[tuple[Cell, ...]]:
    """Everything but the cables between ends; rows of the accounts stand in the order of the bill."""
    watts, dollars = iter(power.rows), iter(cost.rows)
    for part in cost.pricing.bill.parts:
        drawn = next(watts).w_total if part.power else 0.0
        price = next(dollars) if part.price else None
        each, total = (price.usd_each, price.usd_total) if price else (0.0, 0.0)
        if not _between_ends(part, cables):
            yield part.item, part.group, part.product, part.count, None, each, total, drawn


def _between_ends(part: Part, cables: Cables) -> bool:
    """Tell whether a part is the medium of cables, which the bill has by product and this table by length."""
    ends = {*cables.table.a, *cables.table.b}
    return part.group in ("copper", "fibre") and part.product not in ends


def _cables(cables: Cables) -> Iterator[tuple[Cell, ...]]:
    table = cables.table
    for row, (domain, level) in enumerate(zip(cables.domain, cables.level, strict=True)):
        if not table.part_of_node[row]:
            count, each = int(table.count[row]), float(table.price_medium_usd[row])
            item, pair = f"cable, {domain}.{level}", f"{table.a[row]} to {table.b[row]}"
            yield item, table.medium[row], pair, count, float(table.length[row]), each, count * each, 0.0
