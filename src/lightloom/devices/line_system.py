"""A line between sites: fibre in the ground, the amplifiers along it, and the multiplexers at its ends."""

from typing import ClassVar

from lightloom.core.figures import (
    AreaFigure,
    AttenuationFigure,
    DispersionFigure,
    FrequencyFigure,
    LengthFigure,
    LossFigure,
    MoneyFigure,
    MoneyPerLengthFigure,
    PowerDbmFigure,
    PowerFigure,
)
from lightloom.core.product import Product


class LineSystem(Product):
    """What carries many coherent channels over one fibre each way.

    Args:
        attenuation: Of the cabled fibre in the band, splices included.
        connector_loss: Joint at each end of a span.
        dispersion: Chromatic, at 1550 nm.
        effective_area: Of the mode.
        frequency_low: Lowest channel, Hz.
        frequency_high: Highest channel, Hz.
        span_length: Fibre between amplifiers where nobody says otherwise.
        launch: Power per channel into a span where nobody says otherwise.
        noise_figure: Of an amplifier.
        amplifier_output: Most an amplifier puts out, all channels together.
        amplifier_power: One amplifier, one direction, W.
        amplifier_price: One amplifier, one direction, USD.
        channel_price: Multiplexer and demultiplexer port of one channel at one end, USD.
        fibre_price: Right to use a pair of fibres for their life, USD/m.
    """

    kind: ClassVar[str] = "line-system"

    attenuation: AttenuationFigure
    connector_loss: LossFigure
    dispersion: DispersionFigure
    effective_area: AreaFigure
    frequency_low: FrequencyFigure
    frequency_high: FrequencyFigure
    span_length: LengthFigure
    launch: PowerDbmFigure
    noise_figure: LossFigure
    amplifier_output: PowerDbmFigure
    amplifier_power: PowerFigure
    amplifier_price: MoneyFigure
    channel_price: MoneyFigure
    fibre_price: MoneyPerLengthFigure
