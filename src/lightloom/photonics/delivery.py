"""From lost frames to what arrives: frames are sent again, by the link or by the transport, and bandwidth pays."""

from typing import Literal, TypeAlias

import numpy as np
from scipy import special

from lightloom.core.arrays import Number

Recovery: TypeAlias = Literal["go-back-n", "selective", "link-retry"]
"""Who sends a lost frame again, and what with it: the sender, everything since; the sender, that frame alone; the near
end of the link, everything since, over the round trip of one hop."""


def path_loss(frame_loss: Number, *, links: Number) -> Number:
    """Share of frames lost on some equal links one after another, each losing its own share."""
    with np.errstate(divide="ignore"):
        kept = np.log1p(-np.asarray(frame_loss, dtype=np.float64))
    return -np.expm1(np.asarray(links) * kept)


def frames_in_flight(round_trip: Number, *, bandwidth: Number, frame: Number) -> Number:
    """Frames sent from the start of one until its loss is known at the sender, itself included.

    Args:
        round_trip: There and back, s.
        bandwidth: bytes/s, one way.
        frame: bytes.
    """
    return 1.0 + np.asarray(round_trip, dtype=np.float64) * np.asarray(bandwidth) / np.asarray(frame)


def delivered_share(frame_loss: Number, *, resent: Number = 1.0) -> Number:
    """Share of the bandwidth that carries frames for the first time: (1 - p) / (1 - p + p K).

    One formula for every recovery; they differ in how many frames K one loss sends again: 1 if the lost frame alone
    is (selective repeat), the frames in flight over one hop for a retry by the link, those in flight from end to end
    for go-back-N.

    Args:
        frame_loss: Share of frames lost, each independently, where the recovery sees them.
        resent: Frames sent again for one loss, itself included.

    Leaves out: losses of acknowledgements, and the timer for the last frame of a message (:func:`message_time`).
    Source: go-back-N of data-link textbooks (Stallings, Data and Computer Communications, appendix on ARQ):
        U = (1 - P) / (1 - P + K P).
    """
    lost = np.asarray(frame_loss, dtype=np.float64)
    return (1.0 - lost) / (1.0 - lost + lost * np.asarray(resent))


def message_time(
    frames: Number, *, frame_loss: Number, frame_time: Number, resent: Number = 1.0, timeout: Number = 0.0
) -> Number:
    """Mean time to send one message until its last frame was sent for the last time, s.

    A gap tells the receiver of every lost frame but the last one, for which only a timer can speak.

    Args:
        frames: Of the message.
        frame_loss: Share lost, each independently.
        frame_time: To send one, s.
        resent: Frames sent again for one loss that a gap betrays, itself included.
        timeout: From the end of the last frame until the sender gives it up, s.

    Leaves out: losses of the last two frames at once, which also wait for the timer: a share of p^2.
    """
    lost = np.asarray(frame_loss, dtype=np.float64)
    again = lost / (1.0 - lost)
    sent = np.asarray(frames) + again * ((np.asarray(frames) - 1.0) * np.asarray(resent) + 1.0)
    return np.asarray(frame_time) * sent + again * np.asarray(timeout)


def losses_beyond(beyond: Number, *, frames: Number, frame_loss: Number) -> Number:
    """Losses that a message suffers more of with at most a chance of ``beyond``.

    The slowest of N messages that all must arrive meets ``beyond`` = 1 / N: collectives wait for it.

    Args:
        beyond: Chance of more, 0..1.
        frames: Of the message.
        frame_loss: Share lost at each sending, less than 1.

    Source: losses before ``frames`` successes are negative binomial; P(more than m) = I_p(m + 1, frames).
    """
    allowed, count, lost = np.broadcast_arrays(
        np.asarray(beyond, dtype=np.float64), np.asarray(frames, dtype=np.float64), np.asarray(frame_loss)
    )
    low = np.full(allowed.shape, -1.0)  # exceeded by more than allowed
    high = np.ceil(count * lost / (1.0 - lost)) + 1.0
    while np.any(short := special.betainc(high + 1.0, count, lost) > allowed):
        low, high = np.where(short, high, low), np.where(short, 2.0 * high, high)
    while np.any(high - low > 1.0):
        middle = np.maximum(np.floor((low + high) / 2.0), 0.0)
        short = special.betainc(middle + 1.0, count, lost) > allowed
        low, high = np.where(short, middle, low), np.where(short, high, np.minimum(middle, high))
    return high if high.ndim else float(high)


def delay_beyond(beyond: Number, *, frames: Number, frame_loss: Number, penalty: Number) -> Number:
    """Delay that a message exceeds with at most a chance of ``beyond``, s: its losses times the cost of one.

    Args:
        beyond: Chance of more, 0..1.
        frames: Of the message.
        frame_loss: Share lost at each sending, less than 1.
        penalty: Time one loss costs, s: a round trip for recovery by gap, the timer for the last frame.
    """
    return losses_beyond(beyond, frames=frames, frame_loss=frame_loss) * np.asarray(penalty)


def message_tail(
    beyond: Number, *, frames: Number, frame_loss: Number, penalty: Number, timeout: Number = 0.0
) -> Number:
    """Delay that a message exceeds with at most about a chance of ``beyond``, s, the timer for its last frame included.

    Args:
        beyond: Chance of more, 0..1.
        frames: Of the message.
        frame_loss: Share lost at each sending, less than 1.
        penalty: Time one loss costs that a gap betrays, s.
        timeout: For the last frame, s; it counts where that frame is lost more often than ``beyond``.

    Leaves out: chances that only add up to ``beyond`` together: it may be passed twice as often.
    """
    waits = np.where(np.asarray(frame_loss) > np.asarray(beyond), np.asarray(timeout, dtype=np.float64), 0.0)
    return delay_beyond(beyond, frames=frames, frame_loss=frame_loss, penalty=penalty) + waits
