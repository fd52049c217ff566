"""Kinds of link cases about signals: from noise and margin to bits, codewords and frames in error."""

from functools import cache
from typing import Annotated

from pydantic import Field

from lightloom.core.arrays import Number
from lightloom.core.random import stream
from lightloom.photonics import errors, fec, inner_code, noise
from lightloom.photonics.errors import Modulation
from lightloom.study.validation.case_fields import (
    CaseError,
    Decibels,
    Flag,
    NotNegative,
    Params,
    Positive,
    Probability,
    Ratio,
    Real,
    Share,
    Whole,
    needed,
    one_of,
)
from lightloom.study.validation.cases import CaseKind, Quantity

_WANTED_ERRORS = 2500
"""Wrong blocks to count in a Monte Carlo run: a relative standard deviation of 2 %."""


class QualityParams(Params):
    """Quality factor and what follows from it."""

    modulation: Modulation | None = None
    q: Real | None = None
    ber: Share | None = None
    ser: Share | None = None

    def quality(self) -> Number:
        """Return the quality factor, from whichever is given."""
        name, value = one_of(q=self.q, ber=self.ber, ser=self.ser)
        if name == "q":
            return value
        modulation: Modulation = needed(self.modulation, "modulation")
        if name == "ber":
            return errors.q_factor(value, modulation=modulation)
        if modulation != "pam4":
            message = "ser is that of pam4"
            raise CaseError(message)
        return errors.q_factor_of_decisions(value, modulation=modulation)

    def bit_errors(self) -> Number:
        """Return errors per bit."""
        return errors.bit_error_ratio(self.quality(), modulation=needed(self.modulation, "modulation"))


Q_TO_BER: CaseKind[QualityParams] = CaseKind(
    "q_to_ber",
    QualityParams,
    {
        "ber": Quantity("1", lambda p: p.bit_errors()),
        "q": Quantity("1", lambda p: p.quality()),
        "oma_penalty_vs_nrz": Quantity("dB", lambda p: errors.level_penalty_db(p.modulation or "pam4")),
    },
)


class CodeParams(Params):
    """What the outer code is given."""

    ber: Probability | None = None
    symbol_error_prob: Probability | None = None
    cer: Probability | None = None
    flr: NotNegative | None = None
    interleave: Whole = 1
    frame_octets: NotNegative | None = None
    burst_continue: Annotated[float, Field(ge=0.0, lt=1.0)] | None = None

    def symbol_errors(self) -> Number:
        """Return the share of wrong code symbols, from whichever is given."""
        name, value = one_of(ber=self.ber, symbol_error_prob=self.symbol_error_prob, cer=self.cer, flr=self.flr)
        if name == "ber":
            return fec.symbol_error_ratio(value)
        if name == "symbol_error_prob":
            return value
        return fec.symbol_error_ratio_at(self.codeword_errors())

    def codeword_errors(self) -> Number:
        """Return the share of codewords left wrong, from whichever is given."""
        name, value = one_of(ber=self.ber, symbol_error_prob=self.symbol_error_prob, cer=self.cer, flr=self.flr)
        if name == "cer":
            return value
        if name == "flr":
            return fec.codeword_error_ratio_of_frames(value, codewords=self.interleave)
        return fec.uncorrected_ratio(self.symbol_errors())

    def burst_codeword_errors(self) -> Number:
        """Return the share of codewords left wrong when errors come in bursts."""
        bits, continuation = needed(self.ber, "ber"), needed(self.burst_continue, "burst_continue")
        return fec.burst_codeword_error_ratio(bits, continuation=continuation, codewords=self.interleave)


KP4: CaseKind[CodeParams] = CaseKind(
    "kp4",
    CodeParams,
    {
        "symbol_error_prob": Quantity("1", lambda p: p.symbol_errors()),
        "cer": Quantity("1", lambda p: p.codeword_errors()),
        "flr": Quantity("1", lambda p: fec.frame_loss_ratio(p.codeword_errors(), codewords=p.interleave)),
        "flr_long_frame": Quantity(
            "1",
            lambda p: fec.long_frame_loss_ratio(
                p.codeword_errors(), codewords=p.interleave, frame_octets=needed(p.frame_octets, "frame_octets")
            ),
        ),
        "ber_at_cer": Quantity("1", lambda p: fec.bit_error_ratio_before(needed(p.cer, "cer"))),
        "ber_at_flr": Quantity(
            "1",
            lambda p: fec.bit_error_ratio_before(
                fec.codeword_error_ratio_of_frames(needed(p.flr, "flr"), codewords=p.interleave)
            ),
        ),
        "cer_burst": Quantity("1", lambda p: p.burst_codeword_errors()),
    },
)


class InnerCodeParams(Params):
    """What the inner code is given."""

    ber_in: Share


@cache
def decoded(bit_errors: float) -> inner_code.InnerCode:
    """Return the Monte Carlo run at a bit error ratio; three quantities share it.

    Raises:
        CaseError: Above one bit in ten there is nothing to decode.
    """
    if bit_errors > 0.1:
        message = "the parameter ber_in should be at most 0.1"
        raise CaseError(message)
    return inner_code.decode_at(bit_errors, stream(0, f"inner-code {bit_errors!r}"), wanted_errors=_WANTED_ERRORS)


INNER_CODE: CaseKind[InnerCodeParams] = CaseKind(
    "inner_code",
    InnerCodeParams,
    {
        "block_error_ratio": Quantity("1", lambda p: decoded(p.ber_in).block_errors),
        "ber_out": Quantity("1", lambda p: decoded(p.ber_in).bit_errors),
        "rs_symbol_error_prob": Quantity("1", lambda p: decoded(p.ber_in).symbol_errors),
    },
)


class MarginParams(Params):
    """A margin, or the bit error ratio that betrays it."""

    threshold_ber: Share | None = None
    margin_db: Decibels | None = None
    ber: Share | None = None

    def threshold(self) -> float:
        """Return the bit error ratio at nought margin."""
        return needed(self.threshold_ber, "threshold_ber")

    def bit_errors(self) -> Number:
        """Return the bit error ratio before correction, from whichever is given."""
        name, value = one_of(margin_db=self.margin_db, ber=self.ber)
        return value if name == "ber" else errors.bit_error_ratio_at(value, threshold=self.threshold())


MARGIN_TO_BER: CaseKind[MarginParams] = CaseKind(
    "margin_to_ber",
    MarginParams,
    {
        "ber": Quantity("1", lambda p: p.bit_errors()),
        "cer": Quantity("1", lambda p: fec.codeword_error_ratio(p.bit_errors())),
        "margin": Quantity("dB", lambda p: errors.margin_at(p.bit_errors(), threshold=p.threshold())),
    },
)


class NoiseParams(Params):
    """A receiver and the light it is given."""

    oma_dbm: Decibels | None = None
    extinction_ratio_db: Ratio | None = None
    responsivity_a_per_w: Positive | None = None
    responsivity: Positive | None = None
    noise_a_per_rthz: NotNegative | None = None
    bandwidth_hz: Positive | None = None
    rin_per_hz: NotNegative | None = None
    shot: Flag = True
    target_ber: Share | None = None
    modulation: Modulation | None = None
    q: Positive | None = None
    noise_a_rms: Positive | None = None

    def receiver(self) -> noise.Receiver:
        """Return the receiver of four levels with all its noise."""
        self.refuse_all_but("pam4")
        return noise.Receiver(
            responsivity=self.photodiode(),
            noise_density=needed(self.noise_a_per_rthz, "noise_a_per_rthz"),
            bandwidth=needed(self.bandwidth_hz, "bandwidth_hz"),
            relative_intensity_noise=needed(self.rin_per_hz, "rin_per_hz"),
            extinction_ratio_db=needed(self.extinction_ratio_db, "extinction_ratio_db"),
            shot=self.shot,
        )

    def refuse_all_but(self, modulation: Modulation) -> None:
        """Refuse another modulation than the only one this quantity is defined for."""
        if self.modulation not in (None, modulation):
            message = f"the parameter modulation should be {modulation!r} here"
            raise CaseError(message)

    def photodiode(self) -> float:
        """Return its responsivity, A/W, by either of its names."""
        return one_of(responsivity_a_per_w=self.responsivity_a_per_w, responsivity=self.responsivity)[1]

    def received(self) -> float:
        """Return the outer amplitude, dBm."""
        return needed(self.oma_dbm, "oma_dbm")

    def thermal_sensitivity(self) -> Number:
        """Return the outer amplitude of two levels at which only the amplifier's noise counts, dBm."""
        self.refuse_all_but("nrz")
        return noise.thermal_sensitivity_dbm(
            q=needed(self.q, "q"),
            noise_current=needed(self.noise_a_rms, "noise_a_rms"),
            responsivity=self.photodiode(),
        )


RECEIVER_NOISE: CaseKind[NoiseParams] = CaseKind(
    "receiver_noise",
    NoiseParams,
    {
        "sigma_levels": Quantity("A", lambda p: p.receiver().level_noise(p.received())),
        "pre_fec_ber": Quantity("1", lambda p: p.receiver().bit_error_ratio(p.received())),
        "sensitivity": Quantity("dBm", lambda p: p.receiver().sensitivity_dbm(needed(p.target_ber, "target_ber"))),
        "sensitivity_rms": Quantity("dBm", lambda p: p.thermal_sensitivity()),
    },
)
