"""How a cluster is run and paid for: sections ``operation`` and ``storage`` of a study, and what they resolve to."""

import math
from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias, get_args

from pydantic import AfterValidator, BeforeValidator, PositiveInt, WithJsonSchema, model_validator

from lightloom.accounts.defaults import Assumptions, FailureProfile, assumptions, failure_profile
from lightloom.catalog import products
from lightloom.core import units
from lightloom.core.errors import Fault, nearest
from lightloom.core.figures import (
    BandwidthFigure,
    BytesFigure,
    CarbonFigure,
    DurationFigure,
    EnergyPriceFigure,
    MoneyFigure,
    MoneyPerPowerFigure,
    RatioFigure,
    YearlyShareFigure,
)
from lightloom.core.provenance import Figure
from lightloom.core.ranges import within
from lightloom.core.specs import Principal, Reference, Spec
from lightloom.core.units import Duration
from lightloom.devices.storage_system import StorageSystem

LifeClass: TypeAlias = Literal["accelerators", "network", "optics", "fibre", "storage", "facility"]
"""What wears out, or out of use, together."""

LIVES: tuple[LifeClass, ...] = get_args(LifeClass)

CheckpointMode: TypeAlias = Literal["sync", "async"]

DEFAULT_FAILURES = "llama3-54-days"
DEFAULT_STORAGE = "flash-generic"


def _pairs(value: object) -> object:
    return tuple(value.items()) if isinstance(value, dict) else value  # type: ignore[reportUnknownArgumentType] # what YAML gave


def _by_name(prices: tuple[tuple[str, Figure], ...]) -> tuple[tuple[str, Figure], ...]:
    """Order as written says nothing, and equal studies have equal hashes."""
    return tuple(sorted(prices, key=lambda price: price[0]))


LifeFigure = Annotated[DurationFigure, within(units.DURATION, "1 month", "100 years")]
PueFigure = Annotated[
    RatioFigure, within(units.RATIO, "1", "4", "a facility draws what its equipment draws, and somewhat more")
]
EnergyPrice = Annotated[EnergyPriceFigure, within(units.ENERGY_PRICE, "0 USD/kWh", "10 USD/kWh")]
YearlyShare = Annotated[YearlyShareFigure, within(units.YEARLY_SHARE, "0 %/year", "100 %/year")]
FacilityPrice = Annotated[MoneyPerPowerFigure, within(units.MONEY_PER_POWER, "0 USD/W", "1000 USD/W")]
Carbon = Annotated[CarbonFigure, within(units.CARBON, "0 g/kWh", "5000 g/kWh")]
Price = Annotated[MoneyFigure, within(units.MONEY, "0 USD", "1e9 USD")]
StorageBandwidth = Annotated[BandwidthFigure, within(units.BANDWIDTH, "1 MB/s", "10 PB/s")]
Capacity = Annotated[BytesFigure, within(units.BYTES, "1 GB", "1000 EB")]
Prices = Annotated[
    tuple[tuple[str, Price], ...],
    BeforeValidator(_pairs),
    AfterValidator(_by_name),
    WithJsonSchema(
        {"type": "object", "additionalProperties": {"type": "string"}, "description": "USD each, by product"}
    ),
]


class LifetimeSpec(Spec):
    """Service lives by class; a scalar sets that of the accelerators, and of the nodes around them.

    Args:
        accelerators: Nodes with all they hold, s; likewise the others.
        network: Packet and circuit switches.
        optics: Modules, and cables with electronics or copper.
        fibre: Passive plant.
        storage: Storage system.
        facility: Building, power and cooling.
    """

    accelerators: LifeFigure | None = None
    network: LifeFigure | None = None
    optics: LifeFigure | None = None
    fibre: LifeFigure | None = None
    storage: LifeFigure | None = None
    facility: LifeFigure | None = None


class CheckpointSpec(Spec):
    """How the job saves its state; a scalar sets the mode.

    Args:
        mode: ``sync`` stops the job until all is written; ``async`` only until it is copied to host memory.
        interval: Of work between two checkpoints, s; ``auto`` is the best one.
    """

    mode: CheckpointMode = "async"
    interval: Literal["auto"] | Annotated[Duration, within(units.DURATION, "1 s", "1 year")] = "auto"


class OperationSpec(Spec):
    """The ``operation`` section: what is left out is taken from the assumptions named by ``like``.

    Args:
        like: A file of ``catalog/assumptions``.
        electricity: USD/J.
        pue: Facility's power over that of its equipment, 1 to 4.
        lifetime: By class.
        capital_cost: 1/year.
        maintenance: Share of equipment's price, 1/year.
        facility: USD per watt of equipment provisioned.
        carbon: kg/J; without it no carbon is accounted.
        failures: A file of ``catalog/failures``.
        checkpoint: Mode and interval.
        prices: USD each, by product, instead of the catalog's.
    """

    like: Annotated[str, Reference("assumptions")] = "default"
    electricity: EnergyPrice | None = None
    pue: PueFigure | None = None
    lifetime: Annotated[LifetimeSpec, Principal("accelerators")] = LifetimeSpec()
    capital_cost: YearlyShare | None = None
    maintenance: YearlyShare | None = None
    facility: FacilityPrice | None = None
    carbon: Carbon | None = None
    failures: Annotated[str, Reference("failures")] = DEFAULT_FAILURES
    checkpoint: Annotated[CheckpointSpec, Principal("mode")] = CheckpointSpec()
    prices: Prices = ()


class StorageSpec(Spec):
    """The ``storage`` section: a product of the catalog by ``like``, changed or wholly given by what stands beside it.

    Args:
        like: A file of ``catalog/storage``; a scalar sets it.
        count: How many of it, such as servers; what is given below is of all together.
        read: All clients together, bytes/s.
        write: Likewise.
        capacity: Usable, bytes.
    """

    like: Annotated[str, Reference("storage")] | None = None
    count: PositiveInt = 1
    read: StorageBandwidth | None = None
    write: StorageBandwidth | None = None
    capacity: Capacity | None = None

    @model_validator(mode="after")
    def _whole_or_like(self) -> "StorageSpec":
        missing = [key for key in ("read", "write", "capacity") if getattr(self, key) is None]
        if self.like is None and 0 < len(missing) < 3:
            message = f"{' and '.join(missing)} missing: give read, write and capacity, or 'like: {DEFAULT_STORAGE}'"
            raise ValueError(message)
        return self


@dataclass(frozen=True, slots=True)
class Lives:
    """Service lives, s."""

    accelerators: Figure
    network: Figure
    optics: Figure
    fibre: Figure
    storage: Figure
    facility: Figure

    def of(self, name: LifeClass) -> Figure:
        """Return the life of one class, s."""
        figure: Figure = getattr(self, name)
        return figure


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation with nothing left open: every entry a figure with its band and, if not the user's, its source."""

    electricity: Figure
    pue: Figure
    lives: Lives
    capital_cost: Figure
    maintenance: Figure
    facility: Figure
    carbon: Figure | None
    failures: FailureProfile
    checkpoint: CheckpointSpec
    prices: tuple[tuple[str, Figure], ...]
    assumed: Assumptions

    def price(self, product: str, listed: Figure | None) -> Figure | None:
        """Return the price of a product: the study's, or else the one listed."""
        return dict(self.prices).get(product, listed)


def resolve(spec: OperationSpec) -> Operation:
    """Fill what the study left out.

    Raises:
        CatalogError: No such assumptions or failure profile; says the nearest name.
    """
    assumed = assumptions(spec.like)
    lives = {name: getattr(spec.lifetime, name) or getattr(assumed, f"life_{name}") for name in LIVES}
    return Operation(
        electricity=spec.electricity or assumed.electricity,
        pue=spec.pue or assumed.pue,
        lives=Lives(**lives),
        capital_cost=spec.capital_cost or assumed.capital_cost,
        maintenance=spec.maintenance or assumed.maintenance,
        facility=spec.facility or assumed.facility_price,
        carbon=spec.carbon or assumed.carbon,
        failures=failure_profile(spec.failures),
        checkpoint=spec.checkpoint,
        prices=spec.prices,
        assumed=assumed,
    )


@dataclass(frozen=True, slots=True)
class Storage:
    """A storage system as a whole.

    Args:
        name: Catalog name of its product, or ``study``.
        count: How many of that product.
        read: All clients together, bytes/s.
        write: Likewise.
        capacity: Usable, bytes.
        power: W.
        price: USD.
    """

    name: str
    count: int
    read: Figure
    write: Figure
    capacity: Figure
    power: Figure
    price: Figure


def resolve_storage(spec: StorageSpec | None, operation: Operation, *, accelerators: int) -> Storage:
    """Return the storage a study means; without the section, a generic flash tier in proportion to the cluster.

    A system whose price or power is not known has those of the assumptions, per byte.

    Args:
        spec: The section, or None.
        operation: Its assumptions size and price what is not said.
        accelerators: Of the whole cluster.

    Raises:
        CatalogError: No such product; says the nearest name.
    """
    section = spec or StorageSpec(
        like=DEFAULT_STORAGE, count=math.ceil(accelerators / operation.assumed.accelerators_per_storage_server.value)
    )
    given = {key: figure for key in ("read", "write", "capacity") if (figure := getattr(section, key)) is not None}
    if section.like is None and given:
        system = StorageSystem(name="study", title="Storage as the study gives it", **given)
        given = {}
    else:
        system = products.storage(section.like or DEFAULT_STORAGE)
    count = float(section.count)
    capacity = given.get("capacity", system.capacity.scaled(count))
    return Storage(
        name=system.name,
        count=section.count,
        read=given.get("read", system.read.scaled(count)),
        write=given.get("write", system.write.scaled(count)),
        capacity=capacity,
        power=_power_per_byte(system, operation).scaled(capacity.value),
        price=_price(system, operation, capacity),
    )


def _power_per_byte(system: StorageSystem, operation: Operation) -> Figure:
    return system.power_per_byte or operation.assumed.storage_power_per_petabyte.scaled(1e-15)


def _price(system: StorageSystem, operation: Operation, capacity: Figure) -> Figure:
    each = operation.price(system.name, None)
    if each is not None:
        return each.scaled(capacity.value / system.capacity.value)
    return (system.price_per_byte or operation.assumed.storage_price).scaled(capacity.value)


def unused_prices(operation: Operation, known: frozenset[str]) -> tuple[Fault, ...]:
    """Return a fault for each price the study sets of a product the cluster does not hold; keys are the section's."""
    return tuple(
        Fault(f"prices.{product}", f"the cluster holds no '{product}'", nearest(product, known))
        for product, _ in operation.prices
        if product not in known
    )
