"""What a change of circuits costs: the slowest switch on the way, then the slowest class of receivers at its ends."""

from collections.abc import Sequence

from lightloom.devices.circuit_switch import CircuitSwitch
from lightloom.devices.receiver import Receiver
from lightloom.photonics.outage import Outage, outages


def path_outages(switches: Sequence[CircuitSwitch], receivers: Sequence[Receiver]) -> tuple[Outage, ...]:
    """Outage under every regime that a receiver at the ends knows; nothing without a switch or a known class.

    Args:
        switches: Passed on the way; they move at the same time.
        receivers: Classes at the ends.
    """
    if not switches or not receivers:
        return ()
    slowest = max(switches, key=lambda switch: switch.control_time.value + switch.switching_time.value)
    found: dict[str, Outage] = {}
    for receiver in receivers:
        for change in outages(
            slowest.control_time,
            slowest.switching_time,
            receiver_lock=receiver.receiver_lock,
            bring_up=receiver.bring_up,
        ):
            so_far = found.get(change.setting, change)
            found[change.setting] = max(so_far, change, key=lambda each: each.total.value)
    return tuple(found.values())
