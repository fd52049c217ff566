"""Joules per bit, from watts: only meaningful beside the boundary those watts were counted in."""

from lightloom.core.arrays import Number


def energy_per_bit(power: Number, *, payload_bps: Number, ports: Number = 1.0) -> Number:
    """Joules spent per payload bit.

    Args:
        power: Of the whole device, W.
        payload_bps: Of one port; one way, or both together if the power serves both.
        ports: Ports that share the power.
    """
    return power / (ports * payload_bps)
