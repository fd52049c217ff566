"""The budget of a link as told: its lines from transmitter to receiver, the waterfall they make, what they leave."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lightloom.photonics import spread
from lightloom.photonics.pair import WORST_SHARE, Pair
from lightloom.photonics.product import Path, Term
from lightloom.photonics.table import LinkTable

Json = dict[str, object]


def budget_rows(terms: Sequence[Term]) -> list[Json]:
    """Return the lines of a budget at guaranteed limits; their decibels add up to the margin."""
    return [{"item": term.item, "db": float(np.asarray(term.db)), "how": term.how} for term in terms]


def waterfall(terms: Sequence[Term]) -> Json:
    """Return the steps from the first line of a budget to the margin, and the line they must stay above.

    A budget in dBm ends at the power that the receiver needs; one in decibels at nought.
    """
    need = [term for term in terms if term.item.startswith("receiver")]
    limit = -sum(float(np.asarray(term.db)) for term in need) + 0.0
    level, steps = 0.0, list[Json]()
    for term in terms:
        if term not in need:
            start = level
            level += float(np.asarray(term.db))
            steps.append({"item": term.item, "start": start if steps or not need else level, "end": level})
    return {"unit": "dBm" if need else "dB", "limit": limit, "end": level, "margin_db": level - limit, "steps": steps}


@dataclass(frozen=True, slots=True, eq=False)
class LinkBudget:
    """One link of a table; its lines are worked out when they are asked for.

    Args:
        pair: Its ends.
        path: What lies between them, plain numbers.
        passes: Through circuit switches.
        spec_db: Margin at guaranteed limits.
        mean_db: Of parts as they come.
        sigma_db: Its standard deviation.
        stated: Lines that are not those of the two ends on that path; empty where they are.
    """

    pair: Pair
    path: Path
    passes: int
    spec_db: float
    mean_db: float
    sigma_db: float
    stated: tuple[Term, ...]

    @classmethod
    def of(cls, table: LinkTable, row: int, pair: Pair) -> "LinkBudget":
        """Return the budget of a row of a table, whose ends are that pair."""
        margins = (table.margin_spec_db, table.margin_mean_db, table.margin_sigma_db)
        spec, mean, sigma = (float(column[row]) for column in margins)
        return cls(pair, table.path(row), int(table.passes[row]), spec, mean, sigma, table.stated[row])

    @property
    def terms(self) -> tuple[Term, ...]:
        """Its lines at guaranteed limits, of the worse direction; they add up to the margin."""
        return self.stated or self.pair.terms(self.path)

    def to_dict(self) -> Json:
        """Return the entry ``budget`` of a product of ``network``."""
        terms, connectors = self.terms, float(np.asarray(self.path.connectors))
        counted = self.pair.a.fibre_count > 0 and np.isfinite(connectors)
        worst = float(np.asarray(spread.percentile_db(self.mean_db, self.sigma_db, share=WORST_SHARE)))
        return {
            "length_m": self.path.length,
            "connectors": int(connectors) if counted else None,
            "circuit_switch_passes": self.passes,
            "margin_db": {"spec_min": self.spec_db, "p1": worst, "p50": self.mean_db},
            "rows": budget_rows(terms),
            "waterfall": waterfall(terms),
        }
