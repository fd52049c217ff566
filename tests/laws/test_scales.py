"""Laws of axes and printed numbers: order kept, ends reached, ticks on the axis, no number printed with a false size.

Protects: a longer bar is a larger number, on every chart.
"""

import math
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightloom.report import formats
from lightloom.report.scales import Linear, Log

SIZES = st.floats(min_value=1e-9, max_value=1e15)
VALUES = st.lists(st.one_of(SIZES, st.just(0.0)), min_size=1, max_size=8)
FACTORS = {"": 1.0, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "m": 1e-3, "µ": 1e-6, "n": 1e-9, "p": 1e-12}


@given(VALUES)
def test_linear_axis_keeps_order_and_begins_at_zero(values: list[float]) -> None:
    axis = Linear.covering(values)
    places = [axis.position(value) for value in sorted(values)]
    assert places == sorted(places)
    assert axis.position(0.0) == 0.0
    assert all(0.0 <= place <= 100.0 for place in places)


@given(VALUES)
def test_ticks_lie_on_the_axis_evenly(values: list[float]) -> None:
    axis = Linear.covering(values)
    ticks = axis.ticks
    slack = 1e-9 * axis.high
    assert 2 <= len(ticks) <= 9
    assert all(axis.low - slack <= tick <= axis.high + slack for tick in ticks)
    steps = [after - before for before, after in pairwise(ticks)]
    assert max(steps) - min(steps) <= slack


@given(SIZES, st.floats(min_value=1.001, max_value=1e6))
def test_equal_factors_are_equal_distances_on_a_log_axis(start: float, factor: float) -> None:
    axis = Log(start, start * factor**2)
    assert axis.position(start * factor) == pytest.approx(50.0, abs=1e-6)
    assert axis.position(0.0) == 0.0


@given(SIZES)
def test_a_printed_number_is_within_half_a_unit_of_its_last_digit(value: float) -> None:
    text = formats.si(value, "s")
    found = re.fullmatch(r"([\d,.]+)\u00a0([kMGTPmµnp]?)s", text)
    assert found is not None
    printed = float(found.group(1).replace(",", "")) * FACTORS[found.group(2)]
    assert math.isclose(printed, value, rel_tol=5.01e-3)


@given(st.floats(min_value=-1e12, max_value=1e12))
def test_no_number_is_printed_in_powers_of_ten_or_with_a_hyphen(value: float) -> None:
    for form in (formats.plain, formats.usd, formats.percent, formats.duration, formats.decibels, formats.watts):
        assert not re.search(r"e[+-]?\d|-", form(value))
