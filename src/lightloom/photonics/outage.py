"""How long a circuit carries nothing when its optical path changes, and what that leaves of the time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from lightloom.core.arrays import Number
from lightloom.core.provenance import Figure


def outage(*, control: Number, switching: Number, receiver_lock: Number, bring_up: Number = 0.0) -> Number:
    """Time without traffic, s: the four come one after the other.

    Args:
        control: From the decision until the switch starts to move, s.
        switching: Of the optical element, s.
        receiver_lock: From light to error-free lanes, s.
        bring_up: After that, until the host lets traffic through, s.
    """
    parts = (control, switching, receiver_lock, bring_up)
    return sum((np.asarray(part, dtype=np.float64) for part in parts), start=np.float64(0.0))


def kept_share(hold: Number, lost: Number) -> Number:
    """Share of the time that carries traffic, 0..1, when circuits are held and then changed, over and over.

    Args:
        hold: Traffic between two changes, s.
        lost: Outage of each, s.
    """
    held = np.asarray(hold, dtype=np.float64)
    return held / (held + np.asarray(lost))


def shortest_hold(lost: Number, *, kept: Number) -> Number:
    """Time circuits must be held to keep a share of it, s; inverse of :func:`kept_share`.

    Args:
        lost: Outage of each change, s.
        kept: Share of the time that shall carry traffic, less than 1.
    """
    share = np.asarray(kept, dtype=np.float64)
    return np.asarray(lost) * share / (1.0 - share)


Setting = TypeVar("Setting", bound=str)


@dataclass(frozen=True, slots=True)
class Outage:
    """One change of an optical path, part by part, each with its band.

    Args:
        setting: Who brings the link up again, such as ``fixed-fec``.
        control: s, likewise the others.
        switching: Of the optical element.
        receiver_lock: From light to error-free lanes.
        bring_up: After that, until traffic flows.
    """

    setting: str
    control: Figure
    switching: Figure
    receiver_lock: Figure
    bring_up: Figure

    @property
    def total(self) -> Figure:
        """All of it, s; its band is that of four parts that err together."""
        parts = (self.control, self.switching, self.receiver_lock, self.bring_up)
        value, low, high = (
            float(outage(control=ends[0], switching=ends[1], receiver_lock=ends[2], bring_up=ends[3]))
            for ends in zip(*((part.value, part.low, part.high) for part in parts), strict=True)
        )
        longest = max(parts, key=lambda part: part.value)
        how = "control + switch + receiver lock + bring-up"
        return Figure(value, low, high, "derived", longest.source, how=how, unit="s")

    def to_dict(self) -> dict[str, object]:
        """Return one entry of ``outage`` in the answer of the verb ``link``."""
        total = self.total
        return {
            "setting": self.setting,
            "control_s": self.control.value,
            "switching_s": self.switching.value,
            "receiver_lock_s": self.receiver_lock.value,
            "bring_up_s": self.bring_up.value,
            "outage_s": {"mid": total.value, "low": total.low, "high": total.high},
        }


def outages(
    control: Figure, switching: Figure, *, receiver_lock: Figure, bring_up: Mapping[Setting, Figure]
) -> tuple[Outage, ...]:
    """Outage of a change under each setting of the ends.

    Args:
        control: Of the switch, s.
        switching: Of the switch, s.
        receiver_lock: Of the receivers' class, s.
        bring_up: By setting, s.
    """
    return tuple(Outage(str(name), control, switching, receiver_lock, figure) for name, figure in bring_up.items())
