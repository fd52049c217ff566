"""Every accepted spelling of every unit means its SI value, and nothing else is let in.

Source: SI brochure for prefixes; IEC 80000-13 for binary ones; the spellings are those `core.units` offers.
"""

import math
import re
import sys
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from lightloom.core import units
from lightloom.core.units import DIMENSIONS, Dimension

PREFIX = {
    "": 1.0, "p": 1e-12, "n": 1e-9, "u": 1e-6, "µ": 1e-6, "μ": 1e-6, "m": 1e-3, "c": 1e-2, "k": 1e3, "K": 1e3,
    "M": 1e6, "G": 1e9, "B": 1e9, "T": 1e12, "P": 1e15, "E": 1e18,
    "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40, "Pi": 2**50,
}  # fmt: skip
dimensions = st.sampled_from(list(DIMENSIONS.values()))


def inside(dimension: Dimension, value: float) -> bool:
    return dimension.low <= value <= dimension.high and (not dimension.whole or value == round(value))


def spellings(dimension: Dimension) -> Iterator[tuple[str, float]]:
    exact = {unit.symbol: unit.factor for unit in dimension.units}
    for unit in dimension.units:
        for prefix in ("", *sorted(unit.prefixes)):
            yield prefix + unit.symbol, exact.get(prefix + unit.symbol, PREFIX[prefix] * unit.factor)


@pytest.mark.parametrize("dimension", DIMENSIONS.values(), ids=lambda dimension: dimension.name)
def test_each_spelling_is_its_factor_spaced_or_not(dimension: Dimension) -> None:
    for symbol, factor in spellings(dimension):
        for number in (0.0, 0.04, 0.5, 1.0, 3.0, 250.0):
            if not inside(dimension, number * factor) or not (symbol or dimension.bare):
                continue
            for text in (f"{number!r}{gap}{symbol}" for gap in ("", " ", "  ", "\t")):
                assert dimension.parse(text) == pytest.approx(number * factor, rel=1e-12, abs=0), text
                assert dimension.parse(f"  {text} ") == dimension.parse(text)


@pytest.mark.parametrize("dimension", DIMENSIONS.values(), ids=lambda dimension: dimension.name)
def test_the_example_shown_in_errors_is_itself_correct(dimension: Dimension) -> None:
    assert inside(dimension, dimension.parse(dimension.example))


@pytest.mark.parametrize(
    ("dimension", "text", "expected"),
    [
        (units.DURATION, "1 min", 60.0),  # not a milli-inch
        (units.LENGTH, "1 in", 0.0254),
        (units.LENGTH, "6 ft", 1.8288),
        (units.DURATION, "1 d", 86400.0),
        (units.DURATION, "41 ms", 0.041),
        (units.DURATION, "4 years", 4 * 365.25 * 86400),
        (units.TOKENS, "15.6 T tokens", 15.6e12),
        (units.TOKENS, "15.6Ttokens", 15.6e12),
        (units.TOKENS, "15.6 B", 15.6e9),
        (units.COUNT, "4.1 k", 4100.0),  # 4.1 * 1000 is not whole in binary; it is meant to be
        (units.COUNT, "16_384", 16384.0),
        (units.SEQUENCES, "2048 sequences", 2048.0),
        (units.SEQUENCES, 2048, 2048.0),
        (units.BANDWIDTH, "400 Gb/s", 50e9),
        (units.BANDWIDTH, "400 Gbps", 50e9),
        (units.BANDWIDTH, "50 GB/s", 50e9),
        (units.BIT_RATE, "106.25 Gb/s", 106.25e9),
        (units.BYTES, "80 GiB", 80 * 2**30),
        (units.BYTES, "80 GB", 80e9),
        (units.ATTENUATION, "0.4 dB/km", 0.4e-3),
        (units.ENERGY_PRICE, "0.08 USD/kWh", 0.08 / 3.6e6),
        (units.MONEY_PER_BYTES, "365 USD/TB", 365e-12),
        (units.YEARLY_SHARE, "8 %/year", 0.08),
        (units.SHARE, "15 %", 0.15),
        (units.SHARE, 0.15, 0.15),
        (units.FLOP_RATE, "989 TFLOP/s", 989e12),
        (units.POWER_DBM, "-1.9 dBm", -1.9),
        (units.LOSS, "3.5 dB", 3.5),
    ],
)
def test_texts_people_write(dimension: Dimension, text: object, expected: float) -> None:
    assert dimension.parse(text) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("dimension", "value", "says"),
    [
        (units.LENGTH, "2", "'2' has no unit; write a length, such as '2 m'"),
        (units.LENGTH, 2, "'2' has no unit"),
        (units.DURATION, "3 m", "not a duration; accepted units: s, min"),  # metres, or minutes? refused
        (units.LENGTH, "2 metre", "accepted units: m, ft, in"),
        (units.BANDWIDTH, "400 Gb", "did you mean"),
        (units.LENGTH, "nan m", "write a number and a unit"),
        (units.LENGTH, "inf m", "write a number and a unit"),
        (units.LENGTH, "1e999 m", "must be finite"),
        (units.COUNT, math.nan, "must be finite"),
        (units.COUNT, math.inf, "must be finite"),
        (units.COUNT, 10**400, "must be finite"),
        (units.LENGTH, "-2 m", "outside the range of a length"),
        (units.LENGTH, "9e9 km", "outside the range of a length"),
        (units.LOSS, "4000 dB", "outside the range of a loss"),
        (units.SHARE, "150 %", "outside the range of a share"),
        (units.COUNT, "2.5", "not a whole number"),
        (units.TOKENS, 0, "outside the range"),
        (units.COUNT, True, "not true or false"),
        (units.LENGTH, None, "not nothing"),
        (units.LENGTH, ["2 m"], "not a list"),
        (units.LENGTH, {"value": "2 m"}, "not a mapping"),
        (units.POWER, "3 BW", "not a power"),  # B means 10^9 of counted things only
        (units.COUNT, "1__0", "not a count"),
        (units.COUNT, "0x100", "'0x100' is not a count; write a number alone, such as '16384'"),  # it has no units
        (units.COUNT, "many", "'many' is not a count; write a number, such as '16384'"),
        (units.TOKENS, "36 T tokns", "did you mean 'Ttokens', as in '15.6 T tokens'?"),
    ],
)
def test_what_is_refused_says_what_to_write(dimension: Dimension, value: object, says: str) -> None:
    with pytest.raises(ValueError, match=re.escape(says)):
        dimension.parse(value)


@pytest.mark.parametrize("dimension", DIMENSIONS.values(), ids=lambda dimension: dimension.name)
def test_a_bare_number_is_taken_for_counts_and_ratios_only(dimension: Dimension) -> None:
    if dimension.bare:
        number = max(1, round(dimension.low))
        assert dimension.parse(number) == dimension.parse(str(number)) == number
    else:
        for value in (1, 1.5, "1", "1.5"):
            with pytest.raises(ValueError, match="has no unit"):
                dimension.parse(value)


@given(dimension=dimensions, number=st.floats(allow_nan=False, allow_infinity=False), pick=st.randoms())
def test_a_value_written_in_any_unit_comes_back(dimension: Dimension, number: float, pick) -> None:
    unit = pick.choice(dimension.units)
    text = f"{number!r} {unit.symbol}"
    expected = number * unit.factor
    if inside(dimension, expected) and (unit.symbol or dimension.bare):
        assert dimension.parse(text) == pytest.approx(expected, rel=1e-12)
    else:
        with pytest.raises(ValueError, match=r"\w"):
            dimension.parse(text)


@given(dimension=dimensions, text=st.one_of(st.text(max_size=100), st.from_regex(r"[-+]?[\d_.]*[eE]?\d* ?\w*[/%]?\w*")))
def test_arbitrary_text_is_a_value_in_range_or_a_value_error(dimension: Dimension, text: str) -> None:
    try:
        value = dimension.parse(text)
    except ValueError as error:
        assert str(error)  # noqa: PT017 - either outcome is right; both are checked
    else:
        assert inside(dimension, value)


@given(dimension=dimensions, value=st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.binary()))
def test_any_object_is_a_value_in_range_or_a_value_error(dimension: Dimension, value: object) -> None:
    try:
        assert inside(dimension, dimension.parse(value))
    except ValueError as error:
        assert str(error)  # noqa: PT017 - either outcome is right; both are checked


def test_an_integer_too_long_to_print_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="finite"):
        units.LENGTH.parse(10 ** (sys.get_int_max_str_digits() + 10))


def test_pydantic_fields_are_doors() -> None:
    class Cable(BaseModel):
        length: units.Length
        count: units.Count

    cable = Cable.model_validate({"length": "2 m", "count": "1.5 k"})
    assert (cable.length, cable.count) == (2.0, 1500)
    assert isinstance(cable.count, int)
    with pytest.raises(ValidationError, match="has no unit"):
        Cable.model_validate({"length": 2, "count": 1})
