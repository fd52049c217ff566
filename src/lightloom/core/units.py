"""Units at the door: text such as '400 Gb/s' becomes SI, and only here."""

import math
import re
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

from lightloom.core.errors import nearest

_PREFIXES = {
    "": 1.0, "p": 1e-12, "n": 1e-9, "u": 1e-6, "µ": 1e-6, "μ": 1e-6, "m": 1e-3, "c": 1e-2,
    "k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9, "B": 1e9, "T": 1e12, "P": 1e15, "E": 1e18,
    "Ki": 2.0**10, "Mi": 2.0**20, "Gi": 2.0**30, "Ti": 2.0**40, "Pi": 2.0**50,
}  # fmt: skip
_DECIMAL = frozenset("kKMGTPE")
_COUNTED = _DECIMAL | {"B"}
_BINARY = frozenset(("Ki", "Mi", "Gi", "Ti", "Pi"))
_SMALL = frozenset("pnuµμmc")
_QUANTITY = re.compile(r"\s*([+-]?(?:\d+(?:_\d+)*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(.*?)\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Unit:
    """A spelling of a unit: its size in SI and the prefixes it takes."""

    symbol: str
    factor: float
    prefixes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Dimension:
    """What a quantity is, how it may be written, and within which range it makes sense.

    Args:
        name: The field's word, such as ``length``.
        si: Unit of the parsed value.
        example: A correct spelling, shown in errors.
        units: Accepted spellings.
        low: Smallest sensible value, SI.
        high: Largest sensible value, SI.
        bare: Whether a plain number is accepted (counts and ratios only).
        whole: Whether the value must be whole.
    """

    name: str
    si: str
    example: str
    units: tuple[Unit, ...]
    low: float = 0.0
    high: float = math.inf
    bare: bool = False
    whole: bool = False
    _known: dict[str, float] = field(default_factory=dict[str, float], init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Spell out every prefix once; an exact symbol wins over a prefixed one ('min' is not milli-inch)."""
        for unit in self.units:
            for prefix in unit.prefixes:
                self._known.setdefault(prefix + unit.symbol, _PREFIXES[prefix] * unit.factor)
        for unit in self.units:
            self._known[unit.symbol] = unit.factor

    @property
    def spellings(self) -> str:
        """The accepted units without prefixes, for messages."""
        return ", ".join(dict.fromkeys(unit.symbol for unit in self.units if unit.symbol))

    def parse(self, value: object) -> float:
        """Return the value in SI.

        Raises:
            ValueError: No unit, unknown unit, not finite, or outside the range; says what is accepted.
        """
        number, unit = self._split(value)
        if not unit:
            if not self.bare:
                message = f"'{_shown(value)}' has no unit; write {_article(self.name)}, such as '{self.example}'"
                raise ValueError(message)
            factor = 1.0
        elif unit in self._known:
            factor = self._known[unit]
        else:
            message = f"'{_shown(value)}' is not {_article(self.name)}; {self._accepted(unit)}"
            raise ValueError(message)
        return self._checked(number * factor, value)

    def _accepted(self, unit: str) -> str:
        """Return what to write instead of a unit that is not known."""
        if not self.spellings:
            return f"write a number alone, such as '{self.example}'"
        near = nearest(unit, self._known) if len(unit) > 1 else ""
        if near.startswith("did you mean"):
            return f"{near.removesuffix('?')}, as in '{self.example}'?"
        return f"accepted units: {self.spellings}, as in '{self.example}'"

    def _split(self, value: object) -> tuple[float, str]:
        if isinstance(value, bool) or not isinstance(value, (int, float, str)):
            message = f"expected {_article(self.name)}, such as '{self.example}', not {_kind(value)}"
            raise ValueError(message)  # noqa: TRY004 - pydantic makes a fault of a ValueError only
        if isinstance(value, (int, float)):
            return _finite(value, self), ""
        match = _QUANTITY.fullmatch(value) if len(value) <= 80 else None
        if match is None:
            wanted = "a number and a unit" if self.spellings else "a number"
            message = f"'{_shown(value)}' is not {_article(self.name)}; write {wanted}, such as '{self.example}'"
            raise ValueError(message)
        return _finite(float(match.group(1)), self), re.sub(r"\s+", "", match.group(2))

    def _checked(self, number: float, value: object) -> float:
        if not math.isfinite(number) or not self.low <= number <= self.high:
            limits = f"{self.low:g} … {self.high:g} {self.si}".strip()
            message = f"'{_shown(value)}' is outside the range of {_article(self.name)} here ({limits})"
            raise ValueError(message)
        if self.whole and not math.isclose(number, round(number), rel_tol=1e-12):
            message = f"'{_shown(value)}' is not a whole number; write {_article(self.name)}, such as '{self.example}'"
            raise ValueError(message)
        return float(round(number)) if self.whole else number


def _finite(number: float, dimension: Dimension) -> float:
    try:
        value = float(number)
    except OverflowError:
        value = math.inf
    if not math.isfinite(value):
        message = f"{_article(dimension.name)} must be finite, such as '{dimension.example}'"
        raise ValueError(message)
    return value


def _shown(value: object) -> str:
    text = str(value)
    return text if len(text) <= 40 else text[:37] + "…"


def _kind(value: object) -> str:
    names = {"bool": "true or false", "dict": "a mapping", "list": "a list", "tuple": "a list", "NoneType": "nothing"}
    return names.get(type(value).__name__, "something else")


def _article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def _units(*symbols: str, factor: float = 1.0, prefixes: frozenset[str] = frozenset()) -> tuple[Unit, ...]:
    return tuple(Unit(symbol, factor, prefixes) for symbol in symbols)


def _counted(thing: str, example: str, *, high: float) -> Dimension:
    """Return the dimension of a whole number of things, one or more; without a unit it is taken as that."""
    units = _units(f"{thing}s", thing, "", prefixes=_COUNTED)
    return Dimension(f"count of {thing}s", "", example, units, low=1, high=high, bare=True, whole=True)


_ALL = _DECIMAL | _BINARY
_LENGTHS = (*_units("m", prefixes=frozenset("kcmunµμ")), *_units("ft", factor=0.3048), *_units("in", factor=0.0254))
_YEAR = 365.25 * 86400.0
_TIMES = (
    *_units("s", prefixes=frozenset("munµμp")), *_units("min", factor=60.0),
    *_units("h", "hour", "hours", factor=3600.0),
    *_units("day", "days", "d", factor=86400.0), *_units("week", "weeks", factor=604800.0),
    *_units("month", "months", factor=_YEAR / 12), *_units("year", "years", "y", factor=_YEAR),
)  # fmt: skip
_BYTES = (*_units("B", "byte", "bytes", prefixes=_ALL), *_units("b", "bit", "bits", factor=0.125, prefixes=_ALL))
_BYTE_RATES = (
    *_units("B/s", "byte/s", prefixes=_ALL),
    *_units("b/s", "bit/s", "bps", factor=0.125, prefixes=_DECIMAL),
)
_BIT_RATES = _units("b/s", "bit/s", "bps", prefixes=_DECIMAL)

LENGTH = Dimension("length", "m", "2 m", _LENGTHS, high=5e7)
DURATION = Dimension("duration", "s", "30 min", _TIMES, high=1e11)
BANDWIDTH = Dimension("bandwidth", "byte/s", "400 Gb/s", _BYTE_RATES, low=1e3, high=1e18)
BIT_RATE = Dimension("bit rate", "bit/s", "106.25 Gb/s", _BIT_RATES, low=1e3, high=1e18)
BYTES = Dimension("amount of data", "byte", "80 GB", _BYTES, high=1e24)
FLOP_RATE = Dimension(
    "rate of arithmetic", "FLOP/s", "989 TFLOP/s", _units("FLOP/s", "FLOPS", prefixes=_DECIMAL), low=1e6, high=1e22
)
FREQUENCY = Dimension("frequency", "Hz", "26.56 GHz", _units("Hz", prefixes=_DECIMAL), high=1e16)
BAUD = Dimension("symbol rate", "Bd", "53.125 GBd", _units("Bd", prefixes=_DECIMAL), high=1e13)
POWER = Dimension("power", "W", "10.2 kW", _units("W", prefixes=_DECIMAL | frozenset("muµμ")), high=1e12)
ENERGY = Dimension(
    "energy",
    "J",
    "3 kWh",
    (*_units("J", prefixes=_DECIMAL | _SMALL), *_units("Wh", factor=3600.0, prefixes=_DECIMAL)),
    high=1e24,
)
LOSS = Dimension("loss", "dB", "3.5 dB", _units("dB"), low=-100.0, high=200.0)
POWER_DBM = Dimension("optical power", "dBm", "-1.9 dBm", _units("dBm"), low=-100.0, high=60.0)
ATTENUATION = Dimension(
    "attenuation", "dB/m", "0.4 dB/km", (*_units("dB/m"), *_units("dB/km", factor=1e-3)), high=100.0
)
DISPERSION = Dimension(
    "dispersion",
    "s/m²",
    "16.7 ps/(nm km)",
    (*_units("ps/(nmkm)", "ps/nm/km", factor=1e-6), *_units("s/m²", "s/m2")),
    high=1e-3,
)
AREA = Dimension(
    "area", "m²", "83 µm²", (*_units("µm²", "μm²", "um²", "um2", factor=1e-12), *_units("m²", "m2")), high=1.0
)
NOISE_DENSITY = Dimension("noise density", "dB/Hz", "-136 dB/Hz", _units("dB/Hz"), low=-250.0, high=0.0)
TEMPERATURE = Dimension("temperature", "°C", "55 °C", _units("°C", "C", "degC"), low=-60.0, high=200.0)
MONEY = Dimension("price", "USD", "1250 USD", _units("USD", prefixes=_COUNTED), high=1e13)
MONEY_PER_POWER = Dimension(
    "price of power", "USD/W", "12 USD/W", (*_units("USD/W"), *_units("USD/kW", factor=1e-3)), high=1e4
)
MONEY_PER_LENGTH = Dimension("price of length", "USD/m", "3 USD/m", _units("USD/m"), high=1e5)
MONEY_PER_BYTES = Dimension(
    "price of storage", "USD/byte", "365 USD/TB", tuple(Unit(f"USD/{p}B", 1 / _PREFIXES[p]) for p in "MGTP"), high=1.0
)
ENERGY_PRICE = Dimension(
    "price of energy",
    "USD/J",
    "0.08 USD/kWh",
    (*_units("USD/kWh", factor=1 / 3.6e6), *_units("USD/MWh", factor=1 / 3.6e9)),
    high=1e-3,
)
CARBON = Dimension(
    "carbon intensity",
    "kg/J",
    "380 g/kWh",
    (*_units("g/kWh", factor=1e-3 / 3.6e6), *_units("kg/kWh", factor=1 / 3.6e6)),
    high=1e-5,
)
YEARLY_SHARE = Dimension(
    "rate per year", "1/year", "8 %/year", (*_units("%/year", factor=0.01), *_units("/year")), high=10.0
)
SHARE = Dimension("share", "", "15 %", _units("%", factor=0.01), high=1.0, bare=True)
RATIO = Dimension("ratio", "", "1.2", (*_units("%", factor=0.01), *_units("x")), high=1e9, bare=True)
FIT = Dimension("failure rate", "FIT", "250 FIT", _units("FIT", prefixes=_DECIMAL), high=1e12)
TOKENS = _counted("token", "15.6 T tokens", high=1e18)
SEQUENCES = _counted("sequence", "2048 sequences", high=1e12)
COUNT = Dimension("count", "", "16384", _units("", prefixes=_COUNTED), high=1e12, bare=True, whole=True)
YEAR = Dimension("calendar year", "", "2024", _units(""), low=1990, high=2100, bare=True, whole=True)

DIMENSIONS: dict[str, Dimension] = {
    item.name: item
    for item in (
        LENGTH, DURATION, BANDWIDTH, BIT_RATE, BYTES, FLOP_RATE, FREQUENCY, BAUD, POWER, ENERGY, LOSS, POWER_DBM,
        ATTENUATION, DISPERSION, AREA, NOISE_DENSITY, TEMPERATURE, MONEY, MONEY_PER_POWER, MONEY_PER_LENGTH,
        MONEY_PER_BYTES, ENERGY_PRICE, CARBON, YEARLY_SHARE, SHARE, RATIO, FIT, TOKENS, SEQUENCES, COUNT, YEAR,
    )
}  # fmt: skip


def _door(dimension: Dimension) -> tuple[BeforeValidator, WithJsonSchema]:
    kinds = ["number", "string"] if dimension.bare else ["string"]
    described = f"{_article(dimension.name).capitalize()}, such as '{dimension.example}'"
    return BeforeValidator(dimension.parse), WithJsonSchema({"type": kinds, "description": described})


def _whole(dimension: Dimension) -> tuple[BeforeValidator, WithJsonSchema]:
    def read(value: object) -> int:
        return int(dimension.parse(value))

    return BeforeValidator(read), _door(dimension)[1]


Length = Annotated[float, *_door(LENGTH)]
Duration = Annotated[float, *_door(DURATION)]
Bandwidth = Annotated[float, *_door(BANDWIDTH)]
BitRate = Annotated[float, *_door(BIT_RATE)]
Bytes = Annotated[float, *_door(BYTES)]
FlopRate = Annotated[float, *_door(FLOP_RATE)]
Frequency = Annotated[float, *_door(FREQUENCY)]
SymbolRate = Annotated[float, *_door(BAUD)]
Attenuation = Annotated[float, *_door(ATTENUATION)]
FibreDispersion = Annotated[float, *_door(DISPERSION)]
Area = Annotated[float, *_door(AREA)]
Power = Annotated[float, *_door(POWER)]
Loss = Annotated[float, *_door(LOSS)]
PowerDbm = Annotated[float, *_door(POWER_DBM)]
Temperature = Annotated[float, *_door(TEMPERATURE)]
Money = Annotated[float, *_door(MONEY)]
MoneyPerPower = Annotated[float, *_door(MONEY_PER_POWER)]
EnergyPrice = Annotated[float, *_door(ENERGY_PRICE)]
CarbonIntensity = Annotated[float, *_door(CARBON)]
YearlyShare = Annotated[float, *_door(YEARLY_SHARE)]
Share = Annotated[float, *_door(SHARE)]
Ratio = Annotated[float, *_door(RATIO)]
FitRate = Annotated[float, *_door(FIT)]
TokenCount = Annotated[int, *_whole(TOKENS)]
SequenceCount = Annotated[int, *_whole(SEQUENCES)]
Count = Annotated[int, *_whole(COUNT)]
