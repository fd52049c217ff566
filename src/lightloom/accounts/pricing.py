"""What an hour of the job costs, as a function of every figure under it: one run or a column of recipes alike."""

from dataclasses import dataclass

import numpy as np

from lightloom.accounts import finance
from lightloom.accounts.bands import MID, Lever, Position, at
from lightloom.accounts.bill import LIFE_OF, Bill, Part
from lightloom.accounts.goodput import GoodputAccount
from lightloom.accounts.operation import LIVES, Operation
from lightloom.accounts.power import job_nameplate, job_watts, power_levers
from lightloom.core.arrays import Number
from lightloom.core.provenance import Figure


@dataclass(frozen=True, slots=True)
class Speed:
    """Something that makes the job faster or slower than computed, with its band.

    Args:
        key: The same for two jobs that share it: it cancels when they are compared.
        title: What a person calls it, such as ``step time model``.
        figure: Factor on tokens per second; its value is 1.
    """

    key: str
    title: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class HourlyCosts:
    """Dollars an hour of the job, by purpose; floats, or arrays where the activity is one.

    Args:
        parts: (part, dollars of capital an hour) for every part that has a price.
        facility: Capital of building, power and cooling.
        maintenance: Of everything but the facility.
        electricity: Equipment and facility.
    """

    parts: tuple[tuple[Part, float], ...]
    facility: float
    maintenance: float
    electricity: Number

    @property
    def total(self) -> Number:
        """All of it."""
        return sum(each for _, each in self.parts) + self.facility + self.maintenance + self.electricity


@dataclass(frozen=True, slots=True, eq=False)
class Pricing:
    """A job on its cluster, to be priced with any figure at either end of its band.

    Args:
        bill: Parts of the cluster, and the job's share.
        operation: Money and site.
        activity: Share of the step in which accelerators compute, 0..1; one number or one per recipe.
        tokens_per_s: While the job runs; likewise.
        goodput: Share of the time that counts, and what it depends on; None where all of it does.
        speeds: What else makes the job faster or slower.
    """

    bill: Bill
    operation: Operation
    activity: Number
    tokens_per_s: Number
    goodput: GoodputAccount | None = None
    speeds: tuple[Speed, ...] = ()

    def hourly(self, position: Position = MID) -> HourlyCosts:
        """Dollars an hour of the job's part of the cluster, whether it makes progress or not.

        Capital is paid back over each class's life; the facility is bought for the nameplate of all equipment, network
        included, electricity for what it draws.
        """
        operation = self.operation
        interest = at(operation.capital_cost, "capital_cost", position)
        years = np.array([at(operation.lives.of(life), f"life {life}", position) for life in LIVES])
        yearly = dict(zip(LIVES, np.asarray(finance.capital_recovery(interest, years)).tolist(), strict=True))
        parts = [
            (part, part.count * part.billed * at(part.price, f"price {part.product}", position))
            for part in self.bill.parts
            if part.price
        ]
        facility = at(operation.facility, "facility", position) * job_nameplate(self.bill, position)
        drawn = job_watts(self.bill, operation, self.activity, position)
        energy_price = at(operation.pue, "pue", position) * at(operation.electricity, "electricity", position)
        maintenance = at(operation.maintenance, "maintenance", position)
        return HourlyCosts(
            parts=tuple((part, usd * yearly[LIFE_OF[part.group]] / finance.HOURS_PER_YEAR) for part, usd in parts),
            facility=facility * yearly["facility"] / finance.HOURS_PER_YEAR,
            maintenance=maintenance * sum(usd for _, usd in parts) / finance.HOURS_PER_YEAR,
            electricity=drawn * energy_price * finance.HOUR,
        )

    def usd_per_hour(self, position: Position = MID) -> Number:
        """Dollars an hour; an array where the activity is one."""
        return self.hourly(position).total

    def usd_per_million_tokens(self, position: Position = MID) -> Number:
        """Dollars a million tokens kept; an array where activity or tokens per second is one."""
        speed: Number = self.tokens_per_s
        for factor in self.speeds:
            speed = speed * at(factor.figure, factor.key, position)
        kept = self.goodput.fraction_at(position) if self.goodput else 1.0
        return finance.usd_per_million_tokens(self.usd_per_hour(position), speed, kept)

    def levers(self) -> tuple[Lever, ...]:
        """Every figure the price of a token depends on that has a band, each key once."""
        operation = self.operation
        used = {"facility", *(LIFE_OF[part.group] for part in self.bill.parts if part.price and part.billed)}
        listed = [
            Lever("electricity", "price of electricity", operation.electricity),
            Lever("pue", "PUE", operation.pue),
            Lever("capital_cost", "cost of capital", operation.capital_cost),
            Lever("maintenance", "maintenance", operation.maintenance),
            Lever("facility", "facility, USD per watt", operation.facility),
            *(Lever(f"life {life}", f"life of {life}", operation.lives.of(life)) for life in LIVES if life in used),
            *(
                Lever(f"price {part.product}", f"price of {part.product}", part.price)
                for part in self.bill.parts
                if part.price and part.billed
            ),
            *power_levers(self.bill, operation),
            *(swing.lever for swing in (self.goodput.swings if self.goodput else ())),
            *(Lever(speed.key, speed.title, speed.figure) for speed in self.speeds),
        ]
        once = {lever.key: lever for lever in listed if lever.figure.low < lever.figure.high}
        return tuple(once.values())
