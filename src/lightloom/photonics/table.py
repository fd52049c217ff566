"""The chosen links in columns: one row per class of equal links."""

from dataclasses import dataclass, fields

from lightloom.core.arrays import Booleans, Floats, Integers
from lightloom.photonics.product import Path, Term


@dataclass(frozen=True, slots=True)
class RunnerUp:
    """A pair that would have served as well, at a higher price or more watts.

    Args:
        a: Product at the lower end.
        b: Product at the upper end.
        usd: Both ends and cable of one link.
    """

    a: str
    b: str
    usd: float


@dataclass(frozen=True, slots=True, eq=False)
class LinkTable:
    """Chosen links, one row per request, in the order asked; arrays are read-only.

    Watts and prices are what the link adds to nodes and switches: nought for a link that is part of its node.
    Watts leave out the SerDes of the box the end sits in; ``boundary`` says so.

    Args:
        a: Product at the lower end.
        b: Product at the upper end.
        medium: ``copper``, ``fibre`` or ``board``.
        boundary: What the watts count.
        shared_fate: What fails together with an end; empty if nothing does.
        reason: Why it does not close by the policy; empty if it does.
        runners_up: The next best of those allowed that close, cheapest first, three at most.
        count: Links of the row.
        length: m, one way.
        rate_bps: Payload one way, bits/s.
        fibres: Per link.
        latency: One way, both ends and flight, s.
        closes: By the policy's mode and margin.
        closes_spec: At guaranteed limits.
        margin_spec_db: Likewise.
        closes_share: Share of links that close, parts as they come.
        margin_mean_db: Mean margin, parts as they come.
        margin_sigma_db: Its standard deviation.
        part_of_node: Watts and price are inside the node's figures.
        watts_a: Lower end, W; ``_low`` and ``_high`` are its band, here and below.
        watts_b: Upper end, W.
        price_a_usd: Lower end.
        price_b_usd: Upper end.
        price_medium_usd: Cable with its connectors, per link.
        hard_fit: Failures of the whole link that need a person, per 1e9 h; bands of both ends move together.
        flap_fit: Failures of the whole link that heal themselves, per 1e9 h.
        passes: Through circuit switches, of one link.
        connectors: On the way, and all else of :class:`Path` likewise; NaN for the allocation of the standard.
        stated: Lines of the budget where it is not that of the two ends on that path; empty where it is.
    """

    a: tuple[str, ...]
    b: tuple[str, ...]
    medium: tuple[str, ...]
    boundary: tuple[str, ...]
    shared_fate: tuple[str, ...]
    reason: tuple[str, ...]
    runners_up: tuple[tuple[RunnerUp, ...], ...]
    count: Integers
    length: Floats
    rate_bps: Floats
    fibres: Integers
    latency: Floats
    closes: Booleans
    closes_spec: Booleans
    margin_spec_db: Floats
    closes_share: Floats
    margin_mean_db: Floats
    margin_sigma_db: Floats
    part_of_node: Booleans
    watts_a: Floats
    watts_a_low: Floats
    watts_a_high: Floats
    watts_b: Floats
    watts_b_low: Floats
    watts_b_high: Floats
    price_a_usd: Floats
    price_a_usd_low: Floats
    price_a_usd_high: Floats
    price_b_usd: Floats
    price_b_usd_low: Floats
    price_b_usd_high: Floats
    price_medium_usd: Floats
    price_medium_usd_low: Floats
    price_medium_usd_high: Floats
    hard_fit: Floats
    hard_fit_low: Floats
    hard_fit_high: Floats
    flap_fit: Floats
    flap_fit_low: Floats
    flap_fit_high: Floats
    passes: Integers
    connectors: Floats
    switches_typical_db: Floats
    switches_maximum_db: Floats
    switches_sigma_db: Floats
    extra_loss_db: Floats
    switches_reflectance: Floats
    temperature: Floats
    stated: tuple[tuple[Term, ...], ...]

    def path(self, row: int) -> Path:
        """Return what lies between the ends of a row, as plain numbers."""
        columns = {field.name: getattr(self, field.name) for field in fields(Path)}
        return Path(**{name: float(column[row]) for name, column in columns.items()})

    def __len__(self) -> int:
        """How many rows."""
        return len(self.a)
