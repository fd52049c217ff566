"""Kinds of fabric cases that are bills: parts times prices, and what a scale-up domain takes in copper or in light."""

from typing import Annotated, TypeAlias

from pydantic import BeforeValidator, Field

from lightloom.accounts import plain
from lightloom.core.arrays import Number
from lightloom.fabric import scale_up_ends
from lightloom.study.validation.case_fields import NotNegative, Params, Positive, needed, whole
from lightloom.study.validation.cases import CaseKind, Quantity

Count: TypeAlias = Annotated[int, Field(ge=1, le=1 << 40), BeforeValidator(whole)]


class ItemParams(Params):
    """Equal parts."""

    count: NotNegative
    unit_usd: NotNegative


class BillParams(Params):
    """Parts, and the endpoints that share them."""

    items: Annotated[tuple[ItemParams, ...], Field(strict=False, min_length=1, max_length=10_000)]
    endpoints: Count | None = None

    def lines(self) -> list[plain.Line]:
        """Return the parts."""
        return [plain.Line(item.count, item.unit_usd) for item in self.items]


COST_BOM: CaseKind[BillParams] = CaseKind(
    "cost_bom",
    BillParams,
    {
        "total": Quantity("USD", lambda p: plain.total_usd(p.lines())),
        "per_endpoint": Quantity("USD", lambda p: plain.per_endpoint_usd(p.lines(), needed(p.endpoints, "endpoints"))),
    },
)


class DomainParams(Params):
    """Accelerators joined by switches, over copper or over fibre."""

    gpus: Count
    links_per_gpu: Count | None = None
    pairs_per_link: Count | None = None
    gpu_bps: Positive | None = None
    transceiver_bps: Positive | None = None
    transceiver_w: NotNegative | None = None
    transceiver_usd: NotNegative | None = None

    def links(self) -> Number:
        """Return the links."""
        return scale_up_ends.links(self.gpus, needed(self.links_per_gpu, "links_per_gpu"))

    def pairs(self) -> Number:
        """Return the copper pairs."""
        each = needed(self.links_per_gpu, "links_per_gpu")
        return scale_up_ends.copper_pairs(self.gpus, each, pairs=needed(self.pairs_per_link, "pairs_per_link"))

    def transceivers(self) -> Number:
        """Return the modules were every link fibre."""
        rate = needed(self.transceiver_bps, "transceiver_bps")
        return scale_up_ends.transceivers(self.gpus, self.bandwidth(), rate=rate)

    def bandwidth(self) -> float:
        """Return that of one accelerator, bit/s one way."""
        return needed(self.gpu_bps, "gpu_bps")


SCALEUP_DOMAIN: CaseKind[DomainParams] = CaseKind(
    "scaleup_domain",
    DomainParams,
    {
        "links": Quantity("count", lambda p: p.links()),
        "copper_pairs": Quantity("count", lambda p: p.pairs()),
        "transceivers": Quantity("count", lambda p: p.transceivers()),
        "transceiver_power": Quantity("W", lambda p: p.transceivers() * needed(p.transceiver_w, "transceiver_w")),
        "transceiver_cost": Quantity("USD", lambda p: p.transceivers() * needed(p.transceiver_usd, "transceiver_usd")),
        "aggregate_both_directions": Quantity("bit/s", lambda p: scale_up_ends.both_ways(p.gpus, p.bandwidth())),
    },
)
