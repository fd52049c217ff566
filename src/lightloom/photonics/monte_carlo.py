"""How many links of a plant fail at first light: margins drawn part by part, connectors skewed, some of them dirty."""

from dataclasses import dataclass

import numpy as np
from scipy import special

from lightloom.core.arrays import Floats, Integers, frozen
from lightloom.photonics.optical import OpticalProduct
from lightloom.photonics.pair import Pair, Verdict
from lightloom.photonics.product import Path
from lightloom.photonics.spread import LEAST_SIGMA_DB

PLANT_LINKS = 100_000
"""Size of the plant that counts are given for, links; as many are drawn."""

PERCENTILES = (0.01, 1.0, 50.0, 99.0)
BIN_DB = 0.1
"""Width of a bin of the histogram, dB."""
MOST_BINS = 80
"""Bins at most; wider ones are taken where margins spread further, as over copper."""


@dataclass(frozen=True, slots=True)
class Handling:
    """What hands and air add to parts as they come.

    Args:
        contaminated_share: Connectors that are dirty at first light.
        contamination_loss_db: Mean loss a dirty one adds; exponentially distributed.
        temperature_sigma_db: Standard deviation of margin by the modules' temperature; part of what the field saw.
    """

    contaminated_share: float = 0.0
    contamination_loss_db: float = 0.0
    temperature_sigma_db: float = 0.0


@dataclass(frozen=True, slots=True)
class Spreads:
    """Standard deviations of the margin by part, dB; their squares add up to that of the link, dirt left out.

    Args:
        modules: Both ends; for copper, cable and hosts.
        connectors: All of them together.
        circuit_switches: All passes together.
        temperature: Of the modules.
    """

    modules: float
    connectors: float
    circuit_switches: float
    temperature: float


@dataclass(frozen=True, slots=True, eq=False)
class Yield:
    """What became of a plant of equal links.

    Args:
        links: Drawn, and the plant's size.
        closes_share: Of the links at first light.
        failing: Expected count of links that fail at turn-up.
        failing_low: Fifth percentile of that count, plants as they come.
        failing_high: Its ninety-fifth.
        contaminated_share: Of the failing links, those with a dirty connector.
        margin_db: Percentiles of :data:`PERCENTILES` of what was drawn, dB.
        edges_db: Ends of the bins, dB; the first and last bin hold all that lies beyond.
        counts: Links drawn into each bin.
        spreads: By part.
    """

    links: int
    closes_share: float
    failing: float
    failing_low: int
    failing_high: int
    contaminated_share: float
    margin_db: tuple[float, ...]
    edges_db: Floats
    counts: Integers
    spreads: Spreads


def turn_up(
    pair: Pair,
    path: Path,
    verdict: Verdict,
    handling: Handling,
    *,
    required_db: float,
    stream: np.random.Generator,
    links: int = PLANT_LINKS,
) -> Yield:
    """Draw a plant of equal links and count those that fail when first lit.

    Each link's margin is that of parts as they come, less the deviations of its connectors (gamma, never below nought
    decibels each) and the loss of dirty ones, with a normal deviation for modules, switches and temperature. The share
    that fails integrates the normal part exactly and draws only the rest, so that one in a million shows.

    Args:
        pair: The two ends.
        path: One link: every field one number.
        verdict: What :meth:`Pair.judge` says of it.
        handling: Dirt and temperature.
        required_db: Margin asked of parts as they come.
        stream: Random stream; the same one gives the same plant.
        links: Of the plant.

    Leaves out: ageing, and dirt brought in by later maintenance.
    """
    mean, variance = float(verdict.margin_mean_db.item()), float(verdict.margin_sigma_db.item()) ** 2
    spreads = spread_by_part(pair, path, variance, handling)
    lost, dirty = _passive(pair, path, spreads, handling, stream, links)
    normal = np.sqrt(spreads.modules**2 + spreads.circuit_switches**2 + spreads.temperature**2)
    middle = mean - required_db - lost
    fails: Floats = special.ndtr(-middle / max(float(normal), LEAST_SIGMA_DB))
    possible = verdict.within_reach & verdict.unbarred & verdict.within_temperature & (verdict.headroom_db >= 0.0)
    if not bool(np.all(possible)):
        fails = np.ones(links)
    share = float(np.mean(fails))
    low, high = (_quantile(edge, links, share) for edge in (0.05, 0.95))
    drawn = np.sort(middle + required_db + normal * stream.standard_normal(links))
    edges, counts = _histogram(drawn)
    return Yield(
        links=links,
        closes_share=1.0 - share,
        failing=share * links,
        failing_low=low,
        failing_high=high,
        contaminated_share=float(np.sum(fails[dirty > 0])) / max(float(np.sum(fails)), 1e-300),
        margin_db=tuple(float(value) for value in np.percentile(drawn, PERCENTILES)),
        edges_db=frozen(edges),
        counts=frozen(counts),
        spreads=spreads,
    )


def _quantile(edge: float, links: int, share: float) -> int:
    """Smallest count that a plant stays within with that probability: binomial, without importing all of statistics."""
    if not 0.0 < share < 1.0 or (1.0 - share) ** links >= edge:
        return links if share >= 1.0 else 0
    return int(np.ceil(special.bdtrik(edge, links, share) - 1e-9))


def spread_by_part(pair: Pair, path: Path, variance: float, handling: Handling) -> Spreads:
    """Part the variance of a link, dB^2, among what makes it.

    Switches take theirs, connectors what their own figure says, temperature likewise, each at most what is left; the
    modules take the rest. The field saw the sum, never the parts.
    """
    left = variance
    taken: list[float] = []
    for wanted in (
        float(np.asarray(path.switches_sigma_db).item()) ** 2,
        _connectors(pair, path)[1] ** 2,
        handling.temperature_sigma_db**2,
    ):
        taken.append(min(wanted, left))
        left -= taken[-1]
    switches, connectors, temperature = (float(np.sqrt(part)) for part in taken)
    return Spreads(float(np.sqrt(max(left, 0.0))), connectors, switches, temperature)


def _connectors(pair: Pair, path: Path) -> tuple[float, float, int]:
    """Mean and standard deviation of all connectors together, dB, and how many there are to be dirty.

    As in :meth:`OpticalProduct.field_margin_db`: a plant with fewer than the field's does not narrow its spread.
    """
    product = pair.a
    if not isinstance(product, OpticalProduct):
        return 0.0, 0.0, 0
    stated = float(np.asarray(path.connectors).item())
    seen = product.field_connectors.value if product.field_connectors else 0.0
    count = seen if np.isnan(stated) else stated
    spreading = max(count, seen)
    return (
        spreading * product.connector_loss.value,
        float(np.sqrt(spreading)) * product.connector_sigma.value,
        int(count),
    )


def _passive(
    pair: Pair, path: Path, spreads: Spreads, handling: Handling, stream: np.random.Generator, links: int
) -> tuple[Floats, Integers]:
    """Loss beyond the mean in connectors and dirt, dB, and how many connectors of each link are dirty."""
    loss, _, count = _connectors(pair, path)
    lost = np.zeros(links)
    if spreads.connectors > 0.0 and loss > 0.0:
        scale = spreads.connectors**2 / loss
        lost += stream.gamma(loss / scale, scale, links) - loss
    dirty: Integers = stream.binomial(count, handling.contaminated_share, links)
    if handling.contamination_loss_db > 0.0:
        some = np.flatnonzero(dirty)
        lost[some] += stream.gamma(dirty[some].astype(np.float64), handling.contamination_loss_db)
    return lost, dirty


def _histogram(margin: Floats) -> tuple[Floats, Integers]:
    """Return the ends of the bins and the count in each, of margins in ascending order."""
    low, high = (float(value) for value in np.percentile(margin, (0.01, 99.99)))
    low, high = min(low, 0.0), max(high, 0.0)
    width = BIN_DB * max(1.0, np.ceil((high - low) / (BIN_DB * MOST_BINS)))
    first, last = int(np.floor(low / width)), int(np.ceil(high / width))
    edges: Floats = width * np.arange(first, max(last, first + 1) + 1, dtype=np.float64)
    below = np.concatenate(([0], np.searchsorted(margin, edges[1:-1]), [len(margin)]))
    return edges, np.diff(below)
