"""The kind of link cases about amplified lines: the closed form, and gnpy's own number where it is installed."""

from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from lightloom.core.arrays import Number
from lightloom.photonics import coherent, gnpy_line
from lightloom.photonics.flight import flight_time
from lightloom.study.validation.case_fields import (
    CaseError,
    Decibels,
    Loss,
    NotNegative,
    Params,
    Positive,
    Real,
    Whole,
    needed,
)
from lightloom.study.validation.cases import CaseKind, Quantity

MOST_CHANNELS = 4096


class SpanParams(Params):
    """A fibre and the amplifier behind it."""

    length_m: NotNegative | None = None
    loss_db_per_km: Positive | None = None
    connector_db_each_end: Loss | None = None
    gain_db: Loss | None = None
    nf_db: Loss | None = None


class LineParams(Params):
    """Equal spans, and the channels that run through them."""

    span: SpanParams | None = None
    spans: Whole | None = None
    launch_dbm: Decibels | None = None
    baud: Positive | None = None
    spacing_hz: Positive | None = None
    f_min_hz: Positive | None = None
    f_max_hz: Positive | None = None
    roll_off: NotNegative | None = None
    tx_osnr_db: Decibels | None = None
    dispersion_s_per_m2: Real | None = None
    effective_area_m2: Positive | None = None
    reference_frequency_hz: Positive | None = None

    def count(self) -> int:
        """Return how many spans there are."""
        return needed(self.spans, "spans")

    def fibre(self) -> SpanParams:
        """Return one of the spans as written."""
        return needed(self.span, "span")

    def length(self) -> float:
        """Return all fibre, m."""
        return self.count() * needed(self.fibre().length_m, "span.length_m")

    def dispersion(self) -> float:
        """Return that of the fibre, s/m²."""
        return needed(self.dispersion_s_per_m2, "dispersion_s_per_m2")

    def amplified(self, count: int) -> coherent.Span:
        """Return so many spans as far as amplifiers and loss go."""
        span = self.fibre()
        return coherent.Span(
            length=needed(span.length_m, "span.length_m"),
            loss_db_per_m=needed(span.loss_db_per_km, "span.loss_db_per_km") * 1e-3,
            gain_db=needed(span.gain_db, "span.gain_db"),
            noise_figure_db=needed(span.nf_db, "span.nf_db"),
            connector_db=needed(span.connector_db_each_end, "span.connector_db_each_end"),
            count=count,
        )

    def glass(self, count: int) -> coherent.Span:
        """Return so many spans with all that interference depends on."""
        return replace(
            self.amplified(count),
            dispersion=self.dispersion(),
            effective_area=needed(self.effective_area_m2, "effective_area_m2"),
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
        spans = (self.amplified(self.count()),)
        return coherent.osnr_ase_db(spans, launch_dbm=self.launch(), frequency=self.comb(1.0).frequency)

    def osnr_simple(self) -> Number:
        """Return the same of one span at a stated frequency, dB; its gain cancels and may be left out."""
        frequency = needed(self.reference_frequency_hz, "reference_frequency_hz")
        span = self.fibre().model_copy(update={"gain_db": self.fibre().gain_db or 0.0})
        line = self.model_copy(update={"span": span})
        return coherent.osnr_ase_db((line.amplified(1),), launch_dbm=self.launch(), frequency=frequency)

    def launch(self) -> float:
        """Return the launch power a channel, dBm."""
        return needed(self.launch_dbm, "launch_dbm")

    def symbols(self) -> float:
        """Return symbols a second."""
        return needed(self.baud, "baud")

    def interference(self) -> Number:
        """Return signal over interference, dB: that of one span as often as there are spans.

        The vocabulary feeds each span with the launch power, also where amplifiers do not just make up for loss.
        """
        comb = self.comb(self.symbols())
        return coherent.snr_nli_db((self.glass(1),), comb, launch_dbm=self.launch()) - 10.0 * np.log10(self.count())

    def in_symbol_rate(self) -> float:
        """Return how much more noise the symbol rate holds than 0.1 nm does, dB."""
        return 10.0 * np.log10(self.symbols() / coherent.REFERENCE_BANDWIDTH)

    def gsnr(self) -> Number:
        """Return signal over all noise in the symbol rate, dB; the transmitter adds none."""
        return coherent.combined_db(self.osnr() - self.in_symbol_rate(), self.interference())

    def gnpy_quality(self) -> coherent.LineQuality:
        """Return the same as gnpy has it."""
        comb = self.comb(self.symbols())
        channels = gnpy_line.propagate(
            (self.glass(self.count()),),
            comb,
            launch_dbm=self.launch(),
            transmitter_osnr_db=needed(self.tx_osnr_db, "tx_osnr_db"),
            roll_off=needed(self.roll_off, "roll_off"),
        )
        return channels.at(int(comb.middle))


def _noisy(solve: Callable[[LineParams], Number], of: Callable[[coherent.LineQuality], Number]) -> Quantity[LineParams]:
    return Quantity("dB", solve, MappingProxyType({"gnpy": lambda p: of(p.gnpy_quality())}))


def _alike(unit: str, solve: Callable[[LineParams], Number]) -> Quantity[LineParams]:
    """Return a quantity that gnpy has no other number of: a case that needs it is worked out all the same."""
    return Quantity(unit, solve, MappingProxyType({"gnpy": solve}))


COHERENT_SPAN: CaseKind[LineParams] = CaseKind(
    "coherent_span",
    LineParams,
    {
        "channels": _alike("count", lambda p: p.channels()),
        "accumulated": _alike("s/m", lambda p: p.length() * p.dispersion()),
        "delay": _alike("s", lambda p: flight_time(p.length(), group_index=coherent.GROUP_INDEX)),
        "osnr_ase_0p1nm": _noisy(lambda p: p.osnr(), lambda quality: quality.osnr_ase_db),
        "osnr_simple": _alike("dB", lambda p: p.osnr_simple()),
        "snr_nli": _noisy(lambda p: p.interference(), lambda quality: quality.snr_nli_db),
        "gsnr": _noisy(lambda p: p.gsnr(), lambda quality: quality.gsnr_db),
        "gsnr_0p1nm": _noisy(lambda p: p.gsnr() + p.in_symbol_rate(), lambda quality: quality.gsnr_0p1nm_db),
    },
)
