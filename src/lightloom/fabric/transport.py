"""The transport of a fabric: what a flap costs the job, and what frames lost on a level's links leave of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from lightloom.core.arrays import Integers
from lightloom.core.provenance import Figure
from lightloom.devices.transport import Transport
from lightloom.photonics import delivery, errors, fec, spread
from lightloom.photonics.pair import WORST_SHARE
from lightloom.photonics.product import LinkProduct
from lightloom.photonics.table import LinkTable

NOTICED = 1e-6
"""Share of a level's bandwidth below which a loss is not worth a word."""

_SAFE_DB = 0.5
"""At this margin a KP4 link loses one frame of 4,096 octets in 1e21; what is safer is not looked at."""

SHORTEST_FRAME = 64.0
"""bytes; taken for scale-up domains, whose packets are short."""


@dataclass(frozen=True, slots=True)
class TransportUse:
    """A transport as a fabric uses it.

    Args:
        product: Of the catalog.
        lost_per_flap: Chance that one flap costs the job: the study's, or the product's.
        planes: Parallel networks; each endpoint has a port on every one.
    """

    product: Transport
    lost_per_flap: Figure
    planes: int

    @property
    def spares_edge(self) -> bool:
        """Whether a host outlives the loss of one of its links: messages leave it for the others."""
        return self.product.multipath and self.planes > 1


def carried_share(
    table: LinkTable,
    rows: Integers,
    products: Mapping[str, LinkProduct],
    transport: Transport | None,
    round_trip: float,
) -> float:
    """Share of a level's bandwidth that carries frames for the first time, of the worst class of its links.

    Of each class the worst link in a hundred, parts as they come; those that do not close carry nothing anyway, and say
    so. A scale-up domain has no transport: its links send lost frames again themselves.

    Args:
        table: Chosen links.
        rows: Those of the level.
        products: By name.
        transport: Of the domain; None for a scale-up domain.
        round_trip: From end to end and back, s.

    Leaves out: correlated errors; copper, whose errors are not modelled.
    """
    return min(_shares(table, rows, products, transport, round_trip), default=1.0)


def _shares(
    table: LinkTable,
    rows: Integers,
    products: Mapping[str, LinkProduct],
    transport: Transport | None,
    round_trip: float,
) -> Iterator[float]:
    worst = np.asarray(spread.percentile_db(table.margin_mean_db[rows], table.margin_sigma_db[rows], share=WORST_SHARE))
    for row, margin in zip(rows.tolist(), worst.tolist(), strict=True):
        product = products[table.a[row]]
        threshold, codewords = product.bit_error_threshold, product.interleaved_codewords
        if not table.closes[row] or margin >= _SAFE_DB or threshold is None or codewords is None:
            continue
        frame = transport.frame.value if transport else SHORTEST_FRAME
        words = fec.codeword_error_ratio(errors.bit_error_ratio_at(margin, threshold=threshold))
        lost = fec.long_frame_loss_ratio(words, codewords=codewords, frame_octets=frame)
        hop = 2.0 * float(table.latency[row])
        bandwidth = float(table.rate_bps[row]) / 8.0
        yield float(
            delivery.delivered_share(
                np.minimum(lost, 1.0), resent=resent_frames(transport, hop, round_trip, bandwidth, frame)
            )
        )


def resent_frames(transport: Transport | None, hop: float, round_trip: float, bandwidth: float, frame: float) -> float:
    """Frames sent again for one that is lost, itself included.

    Args:
        transport: None for links that resend by themselves.
        hop: Over one link and back, s.
        round_trip: From end to end and back, s.
        bandwidth: Of one link, bytes/s.
        frame: bytes.
    """
    if transport is None or transport.link_retry:
        return float(delivery.frames_in_flight(hop, bandwidth=bandwidth, frame=frame))
    if transport.recovery == "selective":
        return 1.0
    return float(delivery.frames_in_flight(round_trip, bandwidth=bandwidth, frame=frame))
