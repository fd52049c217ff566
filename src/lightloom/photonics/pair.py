"""Two ends and all that follows for links between them: whether they close, when bits arrive, what they cost."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from lightloom.core.arrays import Booleans, Floats
from lightloom.core.provenance import Figure
from lightloom.photonics import spread
from lightloom.photonics.budget import holds
from lightloom.photonics.flight import flight_time
from lightloom.photonics.product import LinkProduct, Path, Term

Mode: TypeAlias = Literal["spec_min", "distribution"]

WORST_SHARE = 0.01
"""In ``distribution`` mode a class of links closes when the worst one in a hundred does; such ones are swapped."""


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """What became of a pair on a path; arrays, one entry per link class.

    Args:
        closes: By the mode and the margin required.
        closes_spec: At guaranteed limits.
        deciding_db: Margin of that mode, less what is required; overload and reach apart.
        within_reach: No longer than the specification speaks of.
        unbarred: Nothing in the way that only light passes.
        within_temperature: No warmer or colder than both ends are specified for.
        headroom_db: Below overload of the receiver.
        margin_spec_db: At guaranteed limits.
        margin_mean_db: Parts as they come.
        margin_sigma_db: Its standard deviation.
        closes_share: Share of links that close, parts as they come.
    """

    closes: Booleans
    closes_spec: Booleans
    deciding_db: Floats
    within_reach: Booleans
    unbarred: Booleans
    within_temperature: Booleans
    headroom_db: Floats
    margin_spec_db: Floats
    margin_mean_db: Floats
    margin_sigma_db: Floats
    closes_share: Floats


@dataclass(frozen=True, slots=True)
class Pair:
    """Two ends that join.

    Args:
        a: Lower end.
        b: Upper end.
    """

    a: LinkProduct
    b: LinkProduct

    @property
    def label(self) -> str:
        """One name, or both where they differ."""
        return self.a.name if self.a.name == self.b.name else f"{self.a.name} to {self.b.name}"

    @property
    def sold(self) -> bool:
        """Whether both ends can be bought."""
        return not (self.a.preview or self.b.preview)

    @property
    def boundary(self) -> str:
        """What the watts of the ends count."""
        return _both(self.a.boundary, self.b.boundary)

    @property
    def shared_fate(self) -> str:
        """What fails together with either end."""
        return _both(self.a.shared_fate, self.b.shared_fate)

    @property
    def part_of_node(self) -> bool:
        """Whether the node's own watts and price already hold the link."""
        return self.a.part_of_node and self.b.part_of_node

    @property
    def reach(self) -> float:
        """Longest cable both specifications speak of, m."""
        return min(self.a.reach, self.b.reach)

    @property
    def temperatures(self) -> tuple[float, float]:
        """Coldest and warmest that both specifications speak of, °C; infinite where none does."""
        (low, high), (lower, higher) = self.a.temperatures, self.b.temperatures
        return max(low, lower), min(high, higher)

    @property
    def temperatures_known(self) -> bool:
        """Whether both specifications speak of temperatures at all."""
        return all(np.isfinite(end.temperatures).all() for end in (self.a, self.b))

    def terms(self, path: Path) -> tuple[Term, ...]:
        """Lines of the budget at guaranteed limits, of the worse direction."""
        return self.a.terms(self.b, path)

    def judge(self, path: Path, *, mode: Mode, required_db: float) -> Verdict:
        """Say whether links on these paths close.

        Args:
            path: One link, or a class of links per entry.
            mode: Which margin decides; the other is told too, without the requirement.
            required_db: Margin the deciding mode must leave.
        """
        fields = (path.length, path.connectors, path.switches_maximum_db, path.temperature)
        shape = np.broadcast_shapes(*map(np.shape, fields))
        spec = np.broadcast_to(np.asarray(sum(np.asarray(term.db) for term in self.terms(path))), shape)
        mean, sigma = (np.broadcast_to(np.asarray(value), shape) for value in self.a.field_margin_db(self.b, path))
        within = np.broadcast_to(np.asarray(path.length) <= self.reach * (1 + 1e-9), shape)
        unbarred = np.broadcast_to(~path.switched | (self.a.passes_circuits and self.b.passes_circuits), shape)
        low, high = self.temperatures
        outside = (np.asarray(path.temperature) < low) | (np.asarray(path.temperature) > high)
        mild = np.broadcast_to(~outside, shape)
        headroom = np.broadcast_to(np.asarray(self.a.overload_headroom_db(self.b, path)), shape)
        possible = within & unbarred & mild & holds(headroom)
        spec_left = spec - (required_db if mode == "spec_min" else 0.0)
        field_left = mean - (required_db if mode == "distribution" else 0.0)
        worst_left = np.asarray(spread.percentile_db(field_left, sigma, share=WORST_SHARE))
        deciding = spec_left if mode == "spec_min" else worst_left
        return Verdict(
            closes=possible & holds(deciding),
            closes_spec=possible & holds(spec_left),
            deciding_db=deciding,
            within_reach=within,
            unbarred=unbarred,
            within_temperature=mild,
            headroom_db=headroom,
            margin_spec_db=spec,
            margin_mean_db=mean,
            margin_sigma_db=sigma,
            closes_share=np.where(possible, spread.closing_share(field_left, sigma), 0.0),
        )

    def latency(self, length: Floats) -> Floats:
        """One way, both ends and flight, s."""
        ends = self.a.latency.value + self.b.latency.value
        return ends + np.asarray(flight_time(length, group_index=self.a.group_index.value))

    def amounts(self, length: Floats) -> dict[str, Floats]:
        """Watts, prices and failure rates a link adds, by column of the link table; bands in ``_low`` and ``_high``."""
        added = 0.0 if self.part_of_node else 1.0
        zero = np.zeros(np.shape(length))
        columns = {
            "fibres": zero + self.a.fibre_count,
            "latency": self.latency(length),
            "part_of_node": zero + self.part_of_node,
        }
        columns |= _summed("hard_fit", self.a.hard_fit, self.b.hard_fit, zero)
        columns |= _summed("flap_fit", self.a.flap_fit, self.b.flap_fit, zero)
        for end, product in (("a", self.a), ("b", self.b)):
            columns |= _banded(f"watts_{end}", product.power.scaled(added), zero)
            columns |= _banded(f"price_{end}_usd", product.price.scaled(added), zero)
        return columns | self._medium_price(length, added)

    def price_usd(self, length: Floats) -> Floats:
        """Both ends and the medium, as added, USD."""
        amounts = self.amounts(length)
        return amounts["price_a_usd"] + amounts["price_b_usd"] + amounts["price_medium_usd"]

    def _medium_price(self, length: Floats, added: float) -> dict[str, Floats]:
        fixed, each = self.a.medium_price, self.a.medium_price_per_length
        zero = np.zeros(np.shape(length))
        columns = _banded("price_medium_usd", fixed.scaled(added), zero) if fixed else _nought("price_medium_usd", zero)
        if each:
            per_metre = _banded("price_medium_usd", each.scaled(added), zero)
            columns = {name: column + per_metre[name] * length for name, column in columns.items()}
        return columns


def _banded(name: str, figure: Figure, zero: Floats) -> dict[str, Floats]:
    return {name: zero + figure.value, f"{name}_low": zero + figure.low, f"{name}_high": zero + figure.high}


def _summed(name: str, one: Figure, other: Figure, zero: Floats) -> dict[str, Floats]:
    """Both ends; their bands move together."""
    first, second = _banded(name, one, zero), _banded(name, other, zero)
    return {key: column + second[key] for key, column in first.items()}


def _nought(name: str, zero: Floats) -> dict[str, Floats]:
    return {name: zero, f"{name}_low": zero, f"{name}_high": zero}


def _both(of_a: str, of_b: str) -> str:
    if of_a == of_b:
        return of_a
    return "; ".join(f"{end}: {text}" for end, text in (("a", of_a), ("b", of_b)) if text)
