"""What is assumed where a study does not say: two kinds of catalog file, each figure with its source and band."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from lightloom.catalog import loading
from lightloom.core.figures import (
    BytesFigure,
    CarbonFigure,
    DurationFigure,
    EnergyPriceFigure,
    FitFigure,
    MoneyPerBytesFigure,
    MoneyPerPowerFigure,
    PowerFigure,
    RatioFigure,
    ShareFigure,
    YearlyShareFigure,
)
from lightloom.core.product import Product


class Assumptions(Product):
    """Site, money and habits: the defaults of a study's ``operation`` and ``storage``.

    Args:
        electricity: Price at the meter, USD/J.
        pue: Facility's power / equipment's power.
        capital_cost: Cost of capital, 1/year.
        maintenance: Yearly share of what the equipment cost; the facility is not maintained here.
        facility_price: Building, power and cooling per watt of equipment provisioned, USD/W.
        life_accelerators: Service life of nodes, s; likewise the other lives by class.
        life_network: Packet and circuit switches, s.
        life_optics: Modules, and cables with electronics or copper, s.
        life_fibre: Passive fibre plant, s.
        life_storage: Storage system, s.
        life_facility: Building and plant, s.
        node_full: Power of a node that computes all the time / its measured ``power_training``.
        node_waiting: Power of a node of the job while it only waits for others / ``power_training``.
        node_idle: Power of a node without a job / ``power_training``.
        checkpoint_per_parameter: Weights and optimizer as written, bytes a parameter.
        snapshot_stall: How long a checkpoint in the background stops the job, s.
        input_bytes_per_token: Read from storage for each trained token, bytes.
        storage_price: Of a storage system whose price is not known, USD/byte.
        storage_power_per_petabyte: Of a storage system whose power is not known, W per 1e15 bytes.
        accelerators_per_storage_server: Size of the flash tier of a study that names none.
        carbon: Carbon intensity of the electricity, kg/J; unknown without the site.
    """

    kind: ClassVar[str] = "assumptions"

    electricity: EnergyPriceFigure
    pue: RatioFigure
    capital_cost: YearlyShareFigure
    maintenance: YearlyShareFigure
    facility_price: MoneyPerPowerFigure
    life_accelerators: DurationFigure
    life_network: DurationFigure
    life_optics: DurationFigure
    life_fibre: DurationFigure
    life_storage: DurationFigure
    life_facility: DurationFigure
    node_full: RatioFigure
    node_waiting: RatioFigure
    node_idle: RatioFigure
    checkpoint_per_parameter: RatioFigure
    snapshot_stall: DurationFigure
    input_bytes_per_token: BytesFigure
    storage_price: MoneyPerBytesFigure
    storage_power_per_petabyte: PowerFigure
    accelerators_per_storage_server: RatioFigure
    carbon: CarbonFigure | None = None


class FailureProfile(Product):
    """How often what fails, what of it the job feels, and how long it takes to go on.

    Rates are failures in 1e9 hours (FIT). Links bring their own rates; the profile says what the job feels of them.

    Args:
        accelerator: Stops of the job for one accelerator's sake, its memory and scale-up links included.
        host: Stops for the host's sake (board, drives, supplies, network card, unplanned maintenance), per accelerator.
        software: Stops for software's sake, or without a known cause, per accelerator.
        network: Stops for the network's sake that the source counted, per accelerator; a yardstick, never added.
        packet_switch: Failures of one packet switch.
        lost_per_flap: Chance that the job dies of one flap of a scale-up link; over scale-out links it is the
            transport's, which this agrees with for the transport the profile was counted on.
        lost_per_edge_failure: Chance that it dies of a hard failure at its own edge: a host's link or first switch.
        detection: From the failure until it is known and placed, s.
        restart: From there to the first step, checkpoint read excluded, s.
        repair: How long the failed node stays away, s.
    """

    kind: ClassVar[str] = "failures"

    accelerator: FitFigure
    host: FitFigure
    software: FitFigure
    network: FitFigure | None = None
    packet_switch: FitFigure
    lost_per_flap: ShareFigure
    lost_per_edge_failure: ShareFigure
    detection: DurationFigure
    restart: DurationFigure
    repair: DurationFigure


ACCOUNT_FOLDERS: Mapping[str, type[Product]] = MappingProxyType(
    {"assumptions": Assumptions, "failures": FailureProfile}
)
"""Catalog folders of this layer; those of products are in :data:`lightloom.catalog.products.PRODUCT_FOLDERS`."""


def assumptions(name: str = "default") -> Assumptions:
    """Return a set of assumptions; raises :class:`CatalogError` with the nearest name."""
    return loading.read("assumptions", name, Assumptions)


def failure_profile(name: str) -> FailureProfile:
    """Return a failure profile; raises :class:`CatalogError` with the nearest name."""
    return loading.read("failures", name, FailureProfile)
