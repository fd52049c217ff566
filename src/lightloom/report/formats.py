"""A number as a person reads it: few digits, an SI prefix, a unit, a real minus sign."""

import math
import re
from collections.abc import Callable
from typing import TypeAlias

Form: TypeAlias = Callable[[float], str]

NONE = "–"
_SPACE = "\u00a0"
_PREFIXES = (
    (1e18, "E"), (1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"),
    (1.0, ""), (1e-3, "m"), (1e-6, "µ"), (1e-9, "n"), (1e-12, "p"),
)  # fmt: skip
_HYPHENATED = re.compile(r"\b(scale)_(up|out|across)(?![a-z])")
_TRAILING_ZEROS = re.compile(r"(\d)(?:\.0+|(\.\d*?[1-9])0+)(?!\d)")
_PLACE = re.compile(r"^[a-z_.]+(?:/[a-z-]+)?(?=:|$)")
_YEAR = 365.25 * 86400.0
_LONG_TIMES = ((2 * 86400.0, 86400.0, "days"), (2 * 3600.0, 3600.0, "h"), (120.0, 60.0, "min"))


def plain(value: float, digits: int = 3) -> str:
    """Return the number with that many significant digits, thousands grouped, never in powers of ten.

    >>> plain(16384), plain(0.02467), plain(-3.2)
    ('16,384', '0.0247', '−3.20')
    """
    if value == 0.0:
        return "0"
    decimals = max(0, digits - 1 - _magnitude(value, digits))
    return f"{value:,.{decimals}f}".replace("-", "−")


def si(value: float, unit: str, digits: int = 3) -> str:
    r"""Return the number with an SI prefix.

    >>> si(2.457e7, "W"), si(999.9, "B"), si(0.0, "s")
    ('24.6\xa0MW', '1.00\xa0kB', '0\xa0s')
    """
    rounded = rounded_to(value, digits)
    factor, prefix = next(((f, p) for f, p in _PREFIXES if abs(rounded) >= f), _PREFIXES[-1])
    if value == 0.0:
        factor, prefix = 1.0, ""
    return f"{plain(value / factor, digits)}{_SPACE}{prefix}{unit}"


def rounded_to(value: float, digits: int) -> float:
    """Return the number rounded to that many significant digits."""
    return 0.0 if value == 0.0 else round(value, digits - 1 - math.floor(math.log10(abs(value))))


def _magnitude(value: float, digits: int) -> int:
    return math.floor(math.log10(abs(rounded_to(value, digits))))


def duration(value: float) -> str:
    r"""Return a time: µs to seconds with a prefix, then minutes, hours, days.

    >>> duration(6.2134), duration(5400.0), duration(10500.0)
    ('6.21\xa0s', '90.0\xa0min', '2.92\xa0h')
    """
    for least, factor, unit in _LONG_TIMES:
        if abs(value) >= least:
            return f"{plain(value / factor)}{_SPACE}{unit}"
    return f"{plain(value)}{_SPACE}s" if abs(value) >= 1.0 else si(value, "s")


def age(value: float) -> str:
    r"""Return a time between rare events: up to days as :func:`duration`, then years, then as good as never.

    >>> age(30.0), age(4e8), age(1e20)
    ('30.0\xa0s', '12.7\xa0years', '>\xa01\xa0million\xa0years')
    """
    years = value / _YEAR
    if years > 1e6:
        return f">{_SPACE}1{_SPACE}million{_SPACE}years"
    return f"{plain(years)}{_SPACE}years" if years >= 1.0 else duration(value)


def scientific(value: float) -> str:
    """Return a tiny ratio in powers of ten, as error ratios are written.

    >>> scientific(2.4e-4), scientific(0.0), scientific(1.0)
    ('2.4e-4', '0', '1.0')
    """
    if value == 0.0:
        return "0"
    if value >= 0.1:
        return f"{value:.1f}"
    digits, power = f"{value:.1e}".split("e")
    return f"{digits}e{int(power)}"


def rarity(value: float) -> str:
    r"""Return a share of lost frames; one too small to be told from nought is less than all that are told.

    >>> rarity(1.7e-12), rarity(0.0)
    ('1.7e-12', '<\xa01e-30')
    """
    return scientific(value) if value else f"<{_SPACE}1e-30"


def days(value: float) -> str:
    """Return a count of days."""
    return f"{plain(value)}{_SPACE}days"


def usd(value: float) -> str:
    r"""Return a price.

    >>> usd(1.2345), usd(38200.0), usd(1.23e9), usd(0.0)
    ('$1.23', '$38,200', '$1.23\xa0B', '$0')
    """
    sign = "−" if value < 0 else ""
    size = abs(value)
    for factor, name in ((1e9, "B"), (1e6, "M")):
        if size >= factor:
            return f"{sign}${plain(size / factor)}{_SPACE}{name}"
    return f"{sign}${plain(size)}"


def percent(value: float) -> str:
    r"""Return a share of one in per cent; close to all or nothing it keeps the digits that matter.

    >>> percent(0.4127), percent(0.99968), percent(0.0042), percent(1.0), percent(1.0 - 1e-9)
    ('41.3\xa0%', '99.97\xa0%', '0.42\xa0%', '100\xa0%', '>\xa099.99\xa0%')
    """
    scaled = value * 100.0 + 0.0  # minus nought becomes nought
    if scaled in (0.0, 100.0):
        return f"{scaled:.0f}{_SPACE}%"
    if 99.995 <= scaled < 100.0:
        return f">{_SPACE}99.99{_SPACE}%"
    if abs(scaled) > 100.0:
        return f"{plain(scaled)}{_SPACE}%"
    decimals = 2 if abs(scaled) < 1.0 or abs(scaled) >= 99.0 else 1
    return f"{scaled:.{decimals}f}{_SPACE}%".replace("-", "−")


def count(value: float) -> str:
    """Return a count, thousands grouped; a fraction keeps three digits."""
    return f"{value:,.0f}".replace("-", "−") if value == round(value) else plain(value)


def decibels(value: float) -> str:
    r"""Return a margin with its sign.

    >>> decibels(1.5812), decibels(-0.2), decibels(1e-15)
    ('+1.58\xa0dB', '−0.20\xa0dB', '0.00\xa0dB')
    """
    rounded = round(value, 2) + 0.0
    return f"{rounded:+.2f}{_SPACE}dB".replace("-", "−") if rounded else f"0.00{_SPACE}dB"


def length(value: float) -> str:
    r"""Return a length: centimetres below a metre, kilometres from a thousand, no zeros at the end.

    >>> length(0.35), length(28.0), length(1250.0)
    ('35\xa0cm', '28\xa0m', '1.25\xa0km')
    """
    if 0.01 <= abs(value) < 1.0:
        return f"{value * 100:.0f}{_SPACE}cm"
    return _TRAILING_ZEROS.sub(r"\1\2", si(value, "m"))


def watts(value: float) -> str:
    """Return a power."""
    return si(value, "W")


def joules(value: float) -> str:
    """Return an energy."""
    return si(value, "J")


def amount(value: float) -> str:
    """Return an amount of data, decimal prefixes."""
    return si(value, "B")


def bandwidth(value: float) -> str:
    """Return a rate of data, one direction."""
    return si(value, "B/s")


def flop_rate(value: float) -> str:
    """Return a rate of arithmetic."""
    return si(value, "FLOP/s")


def words(name: str) -> str:
    """Return a key as words; the names of domains keep their hyphen.

    >>> words("scale_out_bandwidth"), words("lost_work")
    ('scale-out bandwidth', 'lost work')
    """
    return _HYPHENATED.sub(r"\1-\2", name).replace("_", " ")


def place(text: str) -> str:
    """Return a text that begins with a place of an answer, the place in words.

    >>> place("scale_out.leaf: no traffic of this job crosses it.")
    'scale-out leaf: no traffic of this job crosses it.'
    """
    return _PLACE.sub(lambda found: words(found[0].replace(".", " ")), text)


def tick(form: Form, value: float) -> str:
    r"""Return a number of an axis: as the form prints it, without zeros at its end.

    >>> tick(duration, 5.0), tick(usd, 1.5), tick(count, 300.0)
    ('5\xa0s', '$1.5', '300')
    """
    return _TRAILING_ZEROS.sub(r"\1\2", form(value))
