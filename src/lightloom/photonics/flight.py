"""How late: flight through the medium, and what the ends add."""

from lightloom.core.arrays import Number

LIGHT_SPEED = 299_792_458.0
"""Metres per second in vacuum, exact by the definition of the metre."""


def flight_time(length: Number, *, group_index: Number) -> Number:
    """Seconds from end to end: n L/c; 4.897 ns/m in standard single-mode fibre (n = 1.468)."""
    return group_index * length / LIGHT_SPEED
