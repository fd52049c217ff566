"""What becomes of a link in service: failures by part, a change of its path, bandwidth when frames are lost."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lightloom.core.arrays import Floats
from lightloom.core.provenance import Figure
from lightloom.photonics import delivery, errors, fec
from lightloom.photonics.energy import Comparison, Draw, compare
from lightloom.photonics.outage import Outage
from lightloom.photonics.pair import Pair
from lightloom.photonics.parts import LinkParts, failure_report
from lightloom.photonics.reliability import fleet_interval

Json = dict[str, object]

FLEET = 100_000
"""Links of a plant whose intervals between failures are told."""

ROUND_TRIP = 10e-6
"""From end to end and back, s, over five switches of most of a microsecond each way; a study takes its own fabric's."""

MESSAGE = 1024.0 * 1024.0
"""bytes; a message whose tail is told, as collectives cut their buffers."""

BEYOND = 1e-4
"""Chance that a message is slower than its tail: the slowest of ten thousand that a step waits for."""

DECAY_DB = (0.0, -0.2, -0.3, -0.4, -0.5, -0.6, -0.8, -1.0)
"""Margins below the edge, dB, at which bandwidth is told: half of it and the link is gone."""


@dataclass(frozen=True, slots=True)
class Resending:
    """A transport as lost frames meet it.

    Args:
        name: Of the transport.
        recovery: Who sends again, and what with it.
        frame: Payload of a frame, bytes.
        timeout: For the last frame of a message, s; nought where it is not known, or the link resends.
    """

    name: str
    recovery: delivery.Recovery
    frame: float
    timeout: float = 0.0

    def resent(self, *, hop: float, bandwidth: float) -> float:
        """Frames sent again for one lost."""
        if self.recovery == "selective":
            return 1.0
        round_trip = hop if self.recovery == "link-retry" else ROUND_TRIP
        return float(delivery.frames_in_flight(round_trip, bandwidth=bandwidth, frame=self.frame))


@dataclass(frozen=True, slots=True)
class LinkLife:
    """What a link's life depends on beside its two ends.

    Args:
        parts: Failing by part, and repair.
        outages: Of a change of its path, under each setting of its ends; empty without a circuit switch.
        resending: Transports to tell bandwidth for.
        against: A pair to compare energy with; None for none.
        across_boundaries: Whether to compare it even where watts are counted otherwise.
    """

    parts: LinkParts
    outages: tuple[Outage, ...] = ()
    resending: tuple[Resending, ...] = ()
    against: Pair | None = None
    across_boundaries: bool = False


def failures(pair: Pair, life: LinkLife | None) -> Json:
    """Return ``failures``: both processes with their bands, by part, what falls together, and how often in a plant."""
    hard, flap = (_sum(*rates) for rates in ((pair.a.hard_fit, pair.b.hard_fit), (pair.a.flap_fit, pair.b.flap_fit)))
    told: Json = {
        "hard_fit": hard.value,
        "hard_fit_band": {"low": hard.low, "high": hard.high},
        "flap_fit": flap.value,
        "flap_fit_band": {"low": flap.low, "high": flap.high},
        "shared_fate": pair.shared_fate,
        "plant": {
            "links": FLEET,
            "hard_interval_s": _interval(hard.value),
            "flap_interval_s": _interval(flap.value),
        },
    }
    return told | (failure_report(pair.a, pair.b, life.parts) if life else {})


def service(pair: Pair, life: LinkLife | None, length: float) -> Json:
    """Return ``outage``, ``delivery`` and ``energy_against`` of the answer; null where there is nothing to tell.

    Raises:
        StudyError: Energy is to be compared across boundaries, and nobody insisted.
    """
    if life is None:
        return {"outage": [], "delivery": None, "energy_against": None}
    return {
        "outage": [change.to_dict() for change in life.outages],
        "delivery": _delivery(pair, life.resending, length),
        "energy_against": _against(pair, life),
    }


def _delivery(pair: Pair, resending: Sequence[Resending], length: float) -> Json | None:
    threshold, codewords = pair.a.bit_error_threshold, pair.a.interleaved_codewords
    if threshold is None or codewords is None or not resending:
        return None
    margin = np.array(DECAY_DB)
    words = fec.codeword_error_ratio(errors.bit_error_ratio_at(margin, threshold=threshold))
    bandwidth, hop = pair.a.rate.value / 8.0, 2.0 * float(pair.latency(np.array([length]))[0])
    return {
        "round_trip_s": ROUND_TRIP,
        "message_bytes": MESSAGE,
        "beyond": BEYOND,
        "margin_db": list(DECAY_DB),
        "transports": [_by_transport(each, np.asarray(words), codewords, bandwidth, hop) for each in resending],
    }


def _by_transport(each: Resending, words: Floats, codewords: float, bandwidth: float, hop: float) -> Json:
    lost = np.minimum(fec.long_frame_loss_ratio(words, codewords=codewords, frame_octets=each.frame), 0.999)
    resent = each.resent(hop=hop, bandwidth=bandwidth)
    frame_time = each.frame / bandwidth
    penalty = {"go-back-n": ROUND_TRIP, "selective": ROUND_TRIP, "link-retry": hop}[each.recovery] + frame_time
    tail = delivery.message_tail(
        BEYOND,
        frames=np.ceil(MESSAGE / each.frame),
        frame_loss=lost,
        penalty=penalty,
        timeout=0.0 if each.recovery == "link-retry" else each.timeout,
    )
    return {
        "transport": each.name,
        "recovery": each.recovery,
        "resent_frames": resent,
        "frame_loss": [float(value) for value in np.asarray(lost)],
        "delivered_share": [float(value) for value in np.asarray(delivery.delivered_share(lost, resent=resent))],
        "tail_delay_s": [float(value) for value in np.asarray(tail)],
    }


def _against(pair: Pair, life: LinkLife) -> Json | None:
    if life.against is None:
        return None
    found: Comparison = compare(_draw(pair), _draw(life.against), across_boundaries=life.across_boundaries)
    return {
        "ends": [life.against.a.name, life.against.b.name],
        "joules_per_bit": _draw(life.against).joules_per_bit.value,
        "ratio": {"mid": found.ratio.value, "low": found.ratio.low, "high": found.ratio.high},
        "saved_joules_per_bit": found.saved,
        "remark": found.remark,
    }


def _draw(pair: Pair) -> Draw:
    return Draw(pair.label, _sum(pair.a.power, pair.b.power), pair.a.rate.value, pair.boundary)


def _sum(one: Figure, other: Figure) -> Figure:
    """Both ends; their bands move together."""
    return Figure(
        one.value + other.value,
        one.low + other.low,
        one.high + other.high,
        "derived",
        one.source,
        how="both ends",
        unit=one.unit,
    )


def _interval(fit: float) -> float | None:
    """Mean time between failures in a plant, s; None where nothing fails."""
    return float(fleet_interval(fit, devices=FLEET)) if fit else None
