"""Kinds of link cases about what lies between two ends: light, glass, reflections, copper, and the budget of it all."""

from typing import Annotated, Literal, TypeAlias

import numpy as np
from pydantic import Field

from lightloom.core.arrays import Number
from lightloom.photonics import budget, copper, dispersion, energy, errors, flight, interference
from lightloom.photonics.errors import Modulation
from lightloom.study.validation.case_fields import (
    CaseError,
    Decibels,
    Loss,
    NotNegative,
    Params,
    Positive,
    Ratio,
    Real,
    Share,
    needed,
    one_of,
)
from lightloom.study.validation.cases import CaseKind, Quantity

PER_KILOMETRE = 1e-3


class AmplitudeParams(Params):
    """Average power of a modulated signal."""

    power_avg_dbm: Decibels
    extinction_ratio_db: Ratio


OMA: CaseKind[AmplitudeParams] = CaseKind(
    "oma",
    AmplitudeParams,
    {
        "oma": Quantity(
            "dBm",
            lambda p: budget.outer_oma_dbm(average_dbm=p.power_avg_dbm, extinction_ratio_db=p.extinction_ratio_db),
        )
    },
)


class FibreParams(Params):
    """A length, or what a channel allows."""

    loss_db_per_km: NotNegative
    length_m: NotNegative | None = None
    channel_db: Loss | None = None
    connectors_db: Loss | None = None


FIBRE: CaseKind[FibreParams] = CaseKind(
    "fibre",
    FibreParams,
    {
        "loss": Quantity(
            "dB",
            lambda p: budget.fibre_loss_db(
                needed(p.length_m, "length_m"), loss_db_per_m=p.loss_db_per_km * PER_KILOMETRE
            ),
        ),
        "max_length": Quantity(
            "m",
            lambda p: budget.longest_fibre(
                channel_loss_db=needed(p.channel_db, "channel_db"),
                connectors_loss_db=needed(p.connectors_db, "connectors_db"),
                loss_db_per_m=p.loss_db_per_km * PER_KILOMETRE,
            ),
        ),
    },
)


class DispersionParams(Params):
    """A fibre, or what it accumulated."""

    wavelength_m: Positive
    zero_dispersion_m: Positive | None = None
    slope_s_per_m3: Positive | None = None
    length_m: NotNegative | None = None
    accumulated_s_per_m: Real | None = None
    frequency_hz: NotNegative | None = None

    def accumulated(self) -> Number:
        """Return what is given, else what the fibre comes to, s/m."""
        if self.accumulated_s_per_m is not None:
            return self.accumulated_s_per_m
        return dispersion.accumulated(
            needed(self.length_m, "length_m"),
            wavelength=self.wavelength_m,
            zero_wavelength=needed(self.zero_dispersion_m, "zero_dispersion_m"),
            zero_slope=needed(self.slope_s_per_m3, "slope_s_per_m3"),
        )


DISPERSION: CaseKind[DispersionParams] = CaseKind(
    "dispersion",
    DispersionParams,
    {
        "accumulated": Quantity("s/m", lambda p: p.accumulated()),
        "fade": Quantity(
            "dB",
            lambda p: dispersion.fade_db(
                needed(p.frequency_hz, "frequency_hz"), wavelength=p.wavelength_m, dispersion=p.accumulated()
            ),
        ),
        "first_null": Quantity(
            "Hz", lambda p: dispersion.first_null(wavelength=p.wavelength_m, dispersion=p.accumulated())
        ),
    },
)


class InterferenceParams(Params):
    """Reflections, in one of three models, or one of a bidirectional link."""

    form: Literal["gaussian", "coherent", "pairs"] | None = None
    interferer_db: Decibels | None = None
    extinction_ratio_db: Ratio | None = None
    q: Positive | None = None
    polarisation_factor: NotNegative | None = None
    modulation: Modulation | None = None
    tx_reflectance_db: Decibels | None = None
    rx_reflectance_db: Decibels | None = None
    connector_reflectance_db: Decibels | None = None
    connectors: NotNegative | None = None
    discount: NotNegative | None = None
    return_loss_db: Decibels | None = None
    loss_to_reflection_db: Loss | None = None
    link_loss_db: Loss | None = None
    tx_power_difference_db: Decibels | None = None

    def penalty(self) -> Number:
        """Return the penalty of the form asked for, dB."""
        form, ratio = needed(self.form, "form"), needed(self.extinction_ratio_db, "extinction_ratio_db")
        if form == "pairs":
            return interference.pair_penalty_db(
                self.pair_sum(),
                extinction_ratio_db=ratio,
                discount=needed(self.discount, "discount"),
                modulation=needed(self.modulation, "modulation"),
            )
        echo = needed(self.interferer_db, "interferer_db")
        if form == "coherent":
            return interference.coherent_penalty_db(echo, extinction_ratio_db=ratio)
        return interference.gaussian_penalty_db(
            echo,
            extinction_ratio_db=ratio,
            q=needed(self.q, "q"),
            polarisation=needed(self.polarisation_factor, "polarisation_factor"),
        )

    def pair_sum(self) -> Number:
        """Return the fields of all pairs of reflections, added up."""
        if self.form not in (None, "pairs"):
            message = "pair_sum is of the form 'pairs'"
            raise CaseError(message)
        return interference.pair_sum(
            transmitter_db=needed(self.tx_reflectance_db, "tx_reflectance_db"),
            receiver_db=needed(self.rx_reflectance_db, "rx_reflectance_db"),
            connector_db=needed(self.connector_reflectance_db, "connector_reflectance_db"),
            connectors=needed(self.connectors, "connectors"),
        )

    def interferer(self) -> Number:
        """Return the near end's echo relative to the far end's signal, dB."""
        return interference.near_end_interferer_db(
            return_loss_db=needed(self.return_loss_db, "return_loss_db"),
            loss_to_reflection_db=needed(self.loss_to_reflection_db, "loss_to_reflection_db"),
            link_loss_db=needed(self.link_loss_db, "link_loss_db"),
            power_difference_db=needed(self.tx_power_difference_db, "tx_power_difference_db"),
        )


MPI: CaseKind[InterferenceParams] = CaseKind(
    "mpi",
    InterferenceParams,
    {
        "penalty": Quantity("dB", lambda p: p.penalty()),
        "pair_sum": Quantity("1", lambda p: p.pair_sum()),
        "interferer": Quantity("dB", lambda p: p.interferer()),
    },
)


class FibreElement(Params):
    """Glass on the way."""

    element: Literal["fibre"]
    length_m: NotNegative
    loss_db_per_km: NotNegative

    @property
    def lost_db(self) -> Number:
        """Decibels lost in it."""
        return budget.fibre_loss_db(self.length_m, loss_db_per_m=self.loss_db_per_km * PER_KILOMETRE)


class LumpedElement(Params):
    """So many equal things on the way."""

    element: Literal["connector", "splice", "ocs", "circulator", "mux", "allocation"]
    count: NotNegative
    loss_db: Loss

    @property
    def lost_db(self) -> Number:
        """Decibels lost in all of them."""
        return self.count * self.loss_db


Element: TypeAlias = Annotated[FibreElement | LumpedElement, Field(discriminator="element")]


class BudgetParams(Params):
    """Both ends of a lane and everything between."""

    path: Annotated[tuple[Element, ...], Field(strict=False)] | None = None
    tx_oma_minus_tdecq_dbm: Decibels | None = None
    tx_oma_dbm: Decibels | None = None
    tx_tdecq_db: Loss | None = None
    mpi_db: Loss | None = None
    extra_db: Decibels = 0.0
    rx_s0_dbm: Decibels | None = None
    rx_srs_dbm: Decibels | None = None
    rx_secq_db: Loss | None = None
    modulation: Modulation = "pam4"
    threshold_ber: Share = 2.4e-4
    tx_oma_max_dbm: Decibels | None = None
    rx_oma_max_dbm: Decibels | None = None

    def channel_loss(self) -> Number:
        """Return the decibels lost on the way."""
        return np.sum([np.asarray(element.lost_db) for element in needed(self.path, "path")], dtype=np.float64)

    def margin(self) -> Number:
        """Return the decibels left over."""
        return budget.margin_db(
            launch_dbm=self.launch(),
            channel_loss_db=self.channel_loss(),
            sensitivity_dbm=self.sensitivity(),
            reflection_penalty_db=needed(self.mpi_db, "mpi_db"),
            extra_penalty_db=self.extra_db,
        )

    def launch(self) -> Number:
        """Return OMA less TDECQ, given as one number or as two."""
        name, value = one_of(tx_oma_minus_tdecq_dbm=self.tx_oma_minus_tdecq_dbm, tx_oma_dbm=self.tx_oma_dbm)
        return value if name == "tx_oma_minus_tdecq_dbm" else value - needed(self.tx_tdecq_db, "tx_tdecq_db")

    def sensitivity(self) -> Number:
        """Return the sensitivity to an open eye, given or from the stressed one."""
        name, value = one_of(rx_s0_dbm=self.rx_s0_dbm, rx_srs_dbm=self.rx_srs_dbm)
        if name == "rx_s0_dbm":
            return value
        closure = needed(self.rx_secq_db, "rx_secq_db")
        return budget.ideal_sensitivity_dbm(stressed_sensitivity_dbm=value, stressed_eye_closure_db=closure)

    def bit_errors(self) -> Number:
        """Return the bit error ratio before correction."""
        if self.modulation != "pam4":
            message = "pre_fec_ber is that of pam4"
            raise CaseError(message)
        return errors.bit_error_ratio_at(self.margin(), threshold=self.threshold_ber)

    def headroom(self) -> Number:
        """Return the decibels between the strongest signal and the most the receiver takes."""
        return budget.overload_headroom_db(
            oma_maximum_dbm=needed(self.tx_oma_max_dbm, "tx_oma_max_dbm"),
            channel_loss_db=self.channel_loss(),
            overload_dbm=needed(self.rx_oma_max_dbm, "rx_oma_max_dbm"),
        )


IMDD_BUDGET: CaseKind[BudgetParams] = CaseKind(
    "imdd_budget",
    BudgetParams,
    {
        "channel_loss": Quantity("dB", lambda p: p.channel_loss()),
        "margin": Quantity("dB", lambda p: p.margin()),
        "closes": Quantity("1", lambda p: np.asarray(budget.holds(p.margin()), dtype=np.float64)),
        "pre_fec_ber": Quantity("1", lambda p: p.bit_errors()),
        "overload_headroom": Quantity("dB", lambda p: p.headroom()),
        "overloads": Quantity("1", lambda p: np.asarray(~budget.holds(p.headroom()), dtype=np.float64)),
    },
)


class FlightParams(Params):
    """A length of some medium."""

    length_m: NotNegative
    group_index: Positive


LATENCY: CaseKind[FlightParams] = CaseKind(
    "latency",
    FlightParams,
    {"delay": Quantity("s", lambda p: flight.flight_time(p.length_m, group_index=p.group_index))},
)


class CopperParams(Params):
    """An electrical budget, or a rule of thumb."""

    budget_db: Loss | None = None
    fixed_db: Loss | None = None
    cable_db_per_m: Positive | None = None
    reach_rate_product_m_bps: Positive | None = None
    lane_bps: Positive | None = None


COPPER_REACH: CaseKind[CopperParams] = CaseKind(
    "copper_reach",
    CopperParams,
    {
        "reach": Quantity(
            "m",
            lambda p: copper.reach(
                channel_budget_db=needed(p.budget_db, "budget_db"),
                fixed_loss_db=needed(p.fixed_db, "fixed_db"),
                loss_db_per_m=needed(p.cable_db_per_m, "cable_db_per_m"),
            ),
        ),
        "reach_by_rate": Quantity(
            "m",
            lambda p: copper.reach_by_rate(
                needed(p.lane_bps, "lane_bps"),
                product=needed(p.reach_rate_product_m_bps, "reach_rate_product_m_bps"),
            ),
        ),
    },
)


class EnergyParams(Params):
    """Watts of a device and the bits it carries."""

    power_w: NotNegative
    payload_bps: Positive | None = None
    ports: Positive = 1.0


ENERGY_PER_BIT: CaseKind[EnergyParams] = CaseKind(
    "energy_per_bit",
    EnergyParams,
    {
        "energy": Quantity(
            "J/bit",
            lambda p: energy.energy_per_bit(p.power_w, payload_bps=needed(p.payload_bps, "payload_bps"), ports=p.ports),
        ),
        "power_per_port": Quantity("W", lambda p: p.power_w / p.ports),
    },
)
