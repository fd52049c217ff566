"""A line between sites: coherent channels side by side over amplified spans, and whether they arrive clean enough."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal, Self, TypeAlias

import numpy as np
from pydantic import Field

from lightloom.core.errors import Fault, StudyError
from lightloom.core.provenance import Figure
from lightloom.core.specs import Principal, Spec
from lightloom.core.units import Area, Attenuation, Count, FibreDispersion, Length, Loss, PowerDbm
from lightloom.devices.line_system import LineSystem
from lightloom.photonics import coherent, spread
from lightloom.photonics.budget import holds
from lightloom.photonics.coherent import Comb, LineQuality, Span
from lightloom.photonics.kinds.coherent import Coherent
from lightloom.photonics.pair import WORST_SHARE
from lightloom.photonics.product import Term
from lightloom.photonics.request import SIGMAS_TO_LIMIT, LinkPolicy

Launch: TypeAlias = PowerDbm | Literal["best"]
Position: TypeAlias = Literal["typical", "worst"]


class SpanSpec(Spec):
    """A fibre with the amplifier behind it; what is left out is as the line system says.

    Args:
        length: Fibre.
        count: Such spans in a row.
        loss: Attenuation.
        connector: Loss of the joint at each end.
        gain: Of the amplifier; ``auto`` makes up the loss of the fibre before it.
        noise_figure: Of the amplifier.
        dispersion: At 1550 nm.
        effective_area: Of the mode.
    """

    length: Annotated[Length, Field(gt=0, le=500e3)]
    count: Annotated[Count, Field(ge=1, le=200)] = 1
    loss: Annotated[Attenuation, Field(gt=0)] | None = None
    connector: Annotated[Loss, Field(ge=0)] | None = None
    gain: Annotated[Loss, Field(ge=0)] | Literal["auto"] = "auto"
    noise_figure: Annotated[Loss, Field(ge=0)] | None = None
    dispersion: Annotated[FibreDispersion, Field(gt=0)] | None = None
    effective_area: Annotated[Area, Field(gt=0)] | None = None


Spans: TypeAlias = Annotated[tuple[Annotated[SpanSpec, Principal("length")], ...], Field(min_length=1, max_length=100)]


@dataclass(frozen=True, slots=True)
class Line:
    """One fibre pair, lit.

    Args:
        module: At both ends of every channel.
        system: Fibre, amplifiers and multiplexers.
        spans: In the order the light meets them.
        channels: How many are lit.
        spacing: Channel to channel, Hz.
        launch_dbm: Power per channel into the first span.
    """

    module: Coherent
    system: LineSystem
    spans: tuple[SpanSpec, ...]
    channels: int
    spacing: float
    launch_dbm: float

    @classmethod
    def of(
        cls,
        module: Coherent,
        system: LineSystem,
        spans: tuple[SpanSpec, ...],
        *,
        channels: int | None = None,
        spacing: float | None = None,
        launch: float | Literal["best"] | None = None,
    ) -> Self:
        """Return a line, what was left open filled in.

        Args:
            module: At both ends of every channel.
            system: What carries them.
            spans: In the order the light meets them.
            channels: How many are lit; None for as many as fit.
            spacing: Hz; None for that of the module.
            launch: dBm per channel; ``best`` for the power at which the GSNR is best, as far as amplifiers can give
                it; None for that of the system.

        Raises:
            StudyError: The module's figures do not say what it needs, or the channels do not fit; every fault, keys
                ``module``, ``spacing``, ``channels``.
        """
        faults = list(_unknown(module))
        wide = spacing or (module.channel_spacing.value if module.channel_spacing else module.baud.value)
        if wide < module.baud.value:
            message = f"{wide * 1e-9:g} GHz apart, channels of {module.baud.value * 1e-9:g} GBd overlap"
            faults.append(Fault("spacing", message, "write a spacing of at least the symbol rate"))
        most = int(_comb(module, system, wide, None).channel_count)
        if channels is not None and channels > most:
            message = f"{channels} channels do not fit; {most} do, {wide * 1e-9:g} GHz apart"
            faults.append(Fault("channels", message, "take fewer, or more fibre pairs"))
        if faults:
            raise StudyError(faults)
        start = system.launch.value if launch is None or launch == "best" else launch
        line = cls(module, system, spans, channels or most, wide, start)
        if launch != "best":
            return line
        best = min(line.best_launch_dbm, line.most_launch_dbm)
        return cls(module, system, spans, line.channels, wide, best)

    @property
    def comb(self) -> Comb:
        """The channels lit."""
        return _comb(self.module, self.system, self.spacing, self.channels)

    @property
    def best_launch_dbm(self) -> float:
        """Power per channel at which the GSNR is best, whatever amplifiers can give."""
        return float(coherent.best_launch_dbm(self.fibres(), self.comb))

    @property
    def most_launch_dbm(self) -> float:
        """Power per channel that the amplifiers can give to all channels."""
        return self.system.amplifier_output.value - 10.0 * float(np.log10(self.channels))

    @property
    def length(self) -> float:
        """Metres of fibre, end to end."""
        return float(coherent.fibre_length(self.fibres()))

    @property
    def amplifiers(self) -> int:
        """Both directions: one behind every span, and one that lifts the channels before the first."""
        return 2 * (sum(span.count for span in self.spans) + 1)

    @property
    def required_osnr_db(self) -> float:
        """Noise the receiver stands, in 0.1 nm."""
        return self.module.required_osnr.value if self.module.required_osnr else np.inf

    @property
    def capacity_bps(self) -> float:
        """Payload of all channels, one way."""
        return self.channels * self.module.rate.value

    def fibres(self, position: Position = "typical") -> tuple[Span, ...]:
        """Return the spans as the closed form takes them, figures of the system typical or at their bad ends."""
        return tuple(_span(spec, self.system, position) for spec in self.spans)

    def quality(self, position: Position = "typical") -> LineQuality:
        """Return what arrives at the end."""
        return coherent.propagate(self.fibres(position), self.comb, launch_dbm=self.launch_dbm)


@dataclass(frozen=True, slots=True)
class LineVerdict:
    """Whether a line closes.

    Args:
        closes: By the policy.
        closes_spec: With every figure of the line at its bad end.
        margin_spec_db: Likewise; decibels of OSNR.
        margin_mean_db: With figures as they come.
        margin_sigma_db: Its standard deviation: a third of the way to the bad end.
        closes_share: Share of such lines that close.
        reason: Why not; empty if it does.
    """

    closes: bool
    closes_spec: bool
    margin_spec_db: float
    margin_mean_db: float
    margin_sigma_db: float
    closes_share: float
    reason: str


def judge(line: Line, policy: LinkPolicy) -> LineVerdict:
    """Say whether a line closes: GSNR against what the module needs, within its reach and the amplifiers' power.

    Leaves out: noise of the first amplifier, loss and noise of multiplexers, filters, polarisation effects, ageing; a
    policy's margin is there for them. ``spec_min`` takes every figure that the study leaves to the line system at the
    bad end of its band.
    """
    mean = float(line.quality().gsnr_0p1nm_db) - line.required_osnr_db
    spec = float(_least(line).gsnr_0p1nm_db) - line.required_osnr_db
    sigma = (mean - spec) / SIGMAS_TO_LIMIT
    spec_left = spec - (policy.margin_db if policy.mode == "spec_min" else 0.0)
    field_left = mean - (policy.margin_db if policy.mode == "distribution" else 0.0)
    worst_left = float(np.asarray(spread.percentile_db(field_left, sigma, share=WORST_SHARE)))
    barred = _barred(line)
    closes = not barred and bool(holds(spec_left if policy.mode == "spec_min" else worst_left))
    share = 0.0 if barred else float(np.asarray(spread.closing_share(field_left, sigma)))
    short = spec_left if policy.mode == "spec_min" else worst_left
    return LineVerdict(
        closes=closes,
        closes_spec=not barred and bool(holds(spec_left)),
        margin_spec_db=spec,
        margin_mean_db=mean,
        margin_sigma_db=sigma,
        closes_share=share,
        reason="" if closes else barred or _short(line, short),
    )


def _least(line: Line) -> LineQuality:
    """Return what arrives at guaranteed limits: more loss also means less interference, which may win."""
    return min((line.quality("worst"), line.quality()), key=lambda quality: float(quality.gsnr_0p1nm_db))


def budget(line: Line) -> tuple[Term, ...]:
    """Return the lines of a budget at guaranteed limits, decibels of OSNR in 0.1 nm; they add up to the margin."""
    arrives = _least(line)
    noise, whole = float(arrives.osnr_ase_db), float(arrives.gsnr_0p1nm_db)
    count = sum(span.count for span in line.spans)
    amplifiers = "one amplifier" if count == 1 else f"{count} amplifiers"
    channels = f"of {line.channels} channels of {line.launch_dbm:.1f} dBm, closed-form Gaussian noise"
    return (
        Term("signal over amplifier noise", noise, f"{amplifiers}, in 0.1 nm; see the spans"),
        Term("interference in the fibre", whole - noise, channels),
        Term("what the receiver needs", -line.required_osnr_db, f"required OSNR of {line.module.name}, in 0.1 nm"),
    )


def _barred(line: Line) -> str:
    """Say what stands in the way whatever the noise."""
    reach = line.module.amplified_reach
    if reach and line.length > reach.value * (1.0 + 1e-9):
        return f"{line.length / 1e3:g} km is beyond the {reach.value / 1e3:g} km of {line.module.name} with amplifiers"
    if line.launch_dbm > line.most_launch_dbm + 1e-9:
        return (
            f"{line.channels} channels of {line.launch_dbm:.1f} dBm are more than the "
            f"{line.system.amplifier_output.value:g} dBm an amplifier puts out; launch {line.most_launch_dbm:.1f} dBm"
        )
    return ""


def _short(line: Line, left_db: float) -> str:
    text = f"{-left_db:.1f} dB of OSNR short of what {line.module.name} needs ({line.required_osnr_db:g} dB)"
    best = min(line.best_launch_dbm, line.most_launch_dbm)
    if abs(best - line.launch_dbm) > 0.5:
        text += f"; launch {best:.1f} dBm a channel instead of {line.launch_dbm:.1f}"
    return f"{text}; shorter spans or quieter amplifiers help"


def _unknown(module: Coherent) -> Iterator[Fault]:
    for name, figure, example in (
        ("required_osnr", module.required_osnr, "26 dB"),
        ("channel_spacing", module.channel_spacing, "75 GHz"),
    ):
        if figure is None:
            message = f"the {name.replace('_', ' ')} of '{module.name}' is not public"
            yield Fault("module", message, f"state it: {{like: {module.name}, {name}: {example}}}")


def _comb(module: Coherent, system: LineSystem, spacing: float, channels: int | None) -> Comb:
    low = system.frequency_low.value
    high = system.frequency_high.value if channels is None else low + (channels - 1) * spacing
    return Comb(baud=module.baud.value, spacing=spacing, frequency_low=low, frequency_high=high)


def _span(spec: SpanSpec, system: LineSystem, position: Position) -> Span:
    def told(own: float | None, figure: Figure) -> float:
        return own if own is not None else figure.high if position == "worst" else figure.value

    loss, connector = told(spec.loss, system.attenuation), told(spec.connector, system.connector_loss)
    lost = spec.length * loss + 2.0 * connector
    return Span(
        length=spec.length,
        loss_db_per_m=loss,
        gain_db=lost if spec.gain == "auto" else spec.gain,
        noise_figure_db=told(spec.noise_figure, system.noise_figure),
        connector_db=connector,
        dispersion=system.dispersion.value if spec.dispersion is None else spec.dispersion,
        effective_area=system.effective_area.value if spec.effective_area is None else spec.effective_area,
        count=float(spec.count),
    )


def spans_of(distance: float, span_length: float) -> tuple[SpanSpec, ...]:
    """Return equal spans over a distance, none longer than ``span_length``."""
    count = max(1, int(np.ceil(distance / span_length * (1.0 - 1e-9))))
    return (SpanSpec.model_construct(length=distance / count, count=count),)
