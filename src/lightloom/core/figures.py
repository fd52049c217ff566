"""How a product's figure is written down: with its convention, its band and its source, made SI once.

Vendors print bandwidths both ways, peaks with sparsity, memory by label. The file keeps the figure as printed and says
by which convention; only here does it become the one-way, dense value that models use.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, WithJsonSchema

from lightloom.core import units
from lightloom.core.provenance import Figure, Source, Sure
from lightloom.core.units import Dimension

Convention = Literal[
    "as is", "one way", "both ways", "dense", "sparse", "typical", "maximum", "nameplate", "measured", "label", "usable"
]
_FACTORS: dict[str, float] = {"both ways": 0.5, "sparse": 0.5}
"""Factor from the printed figure to the one models use; every other convention is a remark."""


class WrittenFigure(BaseModel):
    """One entry of ``[figures]`` in a catalog file, before units are read.

    A product's field of type ``LengthFigure`` (and so on, below) accepts this table, a finished :class:`Figure`, or
    plain text with a unit: a value the user set in a study, taken as it is (one way, dense), without source.

    Args:
        value: Number with unit, as printed.
        convention: How the source counts; ``both ways`` and ``sparse`` are halved.
        times: Whole number of equal parts the printed value is for one of (dies, links); multiplies it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    value: str | float | int
    low: str | float | int | None = None
    high: str | float | int | None = None
    convention: Convention = "as is"
    times: int = 1
    sure: Sure
    source: Source | None
    at: str = ""
    how: str = ""

    def read(self, dimension: Dimension) -> Figure:
        """Return the figure in SI under our convention: one way, dense, whole device.

        Raises:
            ValueError: A unit is wrong, or the band does not contain the value.
        """
        factor = _FACTORS.get(self.convention, 1.0) * self.times
        value = dimension.parse(self.value) * factor
        low = value if self.low is None else dimension.parse(self.low) * factor
        high = value if self.high is None else dimension.parse(self.high) * factor
        if not low <= value <= high:
            message = f"the band {self.low} … {self.high} does not contain {self.value}"
            raise ValueError(message)
        if self.sure in ("derived", "estimate") and not self.how:
            message = f"a figure that is {self.sure} says how"
            raise ValueError(message)
        remarks = [
            str(self.value),
            *([self.convention] if self.convention != "as is" else []),
            *([f"x {self.times}"] if self.times > 1 else []),
        ]
        printed = " ".join(remarks)
        return Figure(value, low, high, self.sure, self.source, self.at, self.how, printed, dimension.si)


def _door(dimension: Dimension) -> tuple[BeforeValidator, WithJsonSchema]:
    def read(value: object) -> Figure:
        if isinstance(value, Figure):
            return value
        if isinstance(value, dict):
            return WrittenFigure.model_validate(value).read(dimension)
        number = dimension.parse(value)
        how, unit = "set in the study", dimension.si
        return Figure(number, number, number, "estimate", None, how=how, printed=str(value), unit=unit)

    described = f"Figure of {dimension.name}, such as '{dimension.example}'"
    return BeforeValidator(read), WithJsonSchema({"type": ["string", "number", "object"], "description": described})


LengthFigure = Annotated[Figure, *_door(units.LENGTH)]
DurationFigure = Annotated[Figure, *_door(units.DURATION)]
BandwidthFigure = Annotated[Figure, *_door(units.BANDWIDTH)]
BitRateFigure = Annotated[Figure, *_door(units.BIT_RATE)]
BytesFigure = Annotated[Figure, *_door(units.BYTES)]
FlopRateFigure = Annotated[Figure, *_door(units.FLOP_RATE)]
FrequencyFigure = Annotated[Figure, *_door(units.FREQUENCY)]
BaudFigure = Annotated[Figure, *_door(units.BAUD)]
PowerFigure = Annotated[Figure, *_door(units.POWER)]
LossFigure = Annotated[Figure, *_door(units.LOSS)]
PowerDbmFigure = Annotated[Figure, *_door(units.POWER_DBM)]
TemperatureFigure = Annotated[Figure, *_door(units.TEMPERATURE)]
AttenuationFigure = Annotated[Figure, *_door(units.ATTENUATION)]
DispersionFigure = Annotated[Figure, *_door(units.DISPERSION)]
AreaFigure = Annotated[Figure, *_door(units.AREA)]
MoneyFigure = Annotated[Figure, *_door(units.MONEY)]
MoneyPerLengthFigure = Annotated[Figure, *_door(units.MONEY_PER_LENGTH)]
MoneyPerPowerFigure = Annotated[Figure, *_door(units.MONEY_PER_POWER)]
MoneyPerBytesFigure = Annotated[Figure, *_door(units.MONEY_PER_BYTES)]
EnergyPriceFigure = Annotated[Figure, *_door(units.ENERGY_PRICE)]
CarbonFigure = Annotated[Figure, *_door(units.CARBON)]
YearlyShareFigure = Annotated[Figure, *_door(units.YEARLY_SHARE)]
ShareFigure = Annotated[Figure, *_door(units.SHARE)]
RatioFigure = Annotated[Figure, *_door(units.RATIO)]
FitFigure = Annotated[Figure, *_door(units.FIT)]
CountFigure = Annotated[Figure, *_door(units.COUNT)]
YearFigure = Annotated[Figure, *_door(units.YEAR)]
