"""The kind of link cases about amplified lines: the closed form, and gnpy's own number where it is installed."""

from collections.abc import Callable
from types import MappingProxyType

import numpy as np

from lightloom.core.arrays import Number
from lightloom.photonics import coherent, gnpy_line
from lightloom.study.validation.case_fields import (
    CaseError,
    Decibels,
    Loss,
    NotNegative,
    Params,
    Positive,
    Whole,
    needed,
)
from lightloom.study.validation.cases import CaseKind, Quantity

MOST_CHANNELS = 4096


class SpanParams(Params):
    """A fibre and the amplifier behind it."""

    length_m: Positive
    loss_db_per_km: Positive
    connector_db_each_end: Loss
    gain_db: Loss
    nf_db: Loss


class LineParams(Params):
    """Equal spans, and the channels that run through them."""

    span: SpanParams
    spans: Whole | None = None
    launch_dbm: Decibels | None = None
    baud: Positive | None = None
    spacing_hz: Positive | None = None
    f_min_hz: Positive | None = None
    f_max_hz: Positive | None = None
    roll_off: NotNegative | None = None
    tx_osnr_db: Decibels | None = None
    dispersion_s_per_m2: Positive | None = None
    effective_area_m2: Positive | None = None
    reference_frequency_hz: Positive | None = None

    def fibre(self, count: int) -> coherent.Span:
        """Return so many spans as far as amplifiers and loss go."""
        return coherent.Span(
            length=self.span.length_m,
            loss_db_per_m=self.span.loss_db_per_km * 1e-3,
            gain_db=self.span.gain_db,
            noise_figure_db=self.span.nf_db,
            connector_db=self.span.connector_db_each_end,
            count=count,
        )

    def line(self) -> tuple[coherent.Span]:
        """Return the spans as far as amplifiers and loss go."""
        return (self.fibre(needed(self.spans, "spans")),)

    def glass(self) -> tuple[coherent.Span]:
        """Return the spans with all that interference depends on."""
        (span,) = self.line()
        return (
            coherent.Span(
                length=span.length,
                loss_db_per_m=span.loss_db_per_m,
                gain_db=span.gain_db,
                noise_figure_db=span.noise_figure_db,
                connector_db=span.connector_db,
                dispersion=needed(self.dispersion_s_per_m2, "dispersion_s_per_m2"),
                effective_area=needed(self.effective_area_m2, "effective_area_m2"),
                count=span.count,
            ),
        )

    def comb(self, baud: float) -> coherent.Comb:
        """Return the channels.

        Raises:
            CaseError: The band holds none, or more than is sensible.
        """
        comb = coherent.Comb(
            baud=baud,
            spacing=needed(self.spacing_hz, "spacing_hz"),
            frequency_low=needed(self.f_min_hz, "f_min_hz"),
            frequency_high=needed(self.f_max_hz, "f_max_hz"),
        )
        steps = (np.asarray(comb.frequency_high) - comb.frequency_low) / comb.spacing
        if not 0.0 <= steps < MOST_CHANNELS:
            message = f"from f_min_hz to f_max_hz there should be 1 to {MOST_CHANNELS} channels"
            raise CaseError(message)
        return comb

    def channels(self) -> Number:
        """Return the channels that fit."""
        return np.asarray(self.comb(1.0).channel_count, dtype=np.float64)

    def osnr(self) -> Number:
        """Return signal over amplifier noise in 0.1 nm, dB."""
        return coherent.osnr_ase_db(self.line(), launch_dbm=self.launch(), frequency=self.comb(1.0).frequency)

    def osnr_simple(self) -> Number:
        """Return the same of one span at a stated frequency, dB."""
        frequency = needed(self.reference_frequency_hz, "reference_frequency_hz")
        return coherent.osnr_ase_db((self.fibre(1),), launch_dbm=self.launch(), frequency=frequency)

    def launch(self) -> float:
        """Return the launch power a channel, dBm."""
        return needed(self.launch_dbm, "launch_dbm")

    def quality(self) -> coherent.LineQuality:
        """Return everything about the middle channel; the transmitter adds no noise."""
        comb = self.comb(needed(self.baud, "baud"))
        return coherent.propagate(self.glass(), comb, launch_dbm=self.launch())

    def gnpy_quality(self) -> coherent.LineQuality:
        """Return the same as gnpy has it."""
        comb = self.comb(needed(self.baud, "baud"))
        channels = gnpy_line.propagate(
            self.glass(),
            comb,
            launch_dbm=self.launch(),
            transmitter_osnr_db=needed(self.tx_osnr_db, "tx_osnr_db"),
            roll_off=needed(self.roll_off, "roll_off"),
        )
        return channels.at(int(comb.middle))


def _noisy(solve: Callable[[LineParams], Number], of: Callable[[coherent.LineQuality], Number]) -> Quantity[LineParams]:
    return Quantity("dB", solve, MappingProxyType({"gnpy": lambda p: of(p.gnpy_quality())}))


COHERENT_SPAN: CaseKind[LineParams] = CaseKind(
    "coherent_span",
    LineParams,
    {
        "channels": Quantity("count", lambda p: p.channels()),
        "accumulated": Quantity("s/m", lambda p: coherent.accumulated_dispersion(p.glass())),
        "delay": Quantity("s", lambda p: coherent.delay(p.line())),
        "osnr_ase_0p1nm": _noisy(lambda p: p.osnr(), lambda quality: quality.osnr_ase_db),
        "osnr_simple": Quantity("dB", lambda p: p.osnr_simple()),
        "snr_nli": _noisy(lambda p: p.quality().snr_nli_db, lambda quality: quality.snr_nli_db),
        "gsnr": _noisy(lambda p: p.quality().gsnr_db, lambda quality: quality.gsnr_db),
        "gsnr_0p1nm": _noisy(lambda p: p.quality().gsnr_0p1nm_db, lambda quality: quality.gsnr_0p1nm_db),
    },
)
