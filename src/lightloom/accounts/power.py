"""Where the watts go: every part's draw, the facility's on top, and which of it is the job's."""

from dataclasses import asdict, dataclass

from lightloom.accounts.bands import MID, Lever, Position, at
from lightloom.accounts.bill import NETWORK, Bill, Part
from lightloom.accounts.operation import Operation
from lightloom.core.arrays import Number


@dataclass(frozen=True, slots=True)
class PowerRow:
    """One line of the power account, of the whole cluster.

    Args:
        item: What draws.
        count: How many.
        w_each: Each, W.
        w_total: Together, W.
        low: Together at the low end of each one's power figure, W.
        high: Likewise at the high end.
        group: Kind of part, or ``overhead``.
        job_w: Part of ``w_total`` drawn for the job, W.
    """

    item: str
    count: float
    w_each: float
    w_total: float
    low: float
    high: float
    group: str
    job_w: float

    def to_dict(self) -> dict[str, str | float]:
        """Return the row of ``power.rows``."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class PowerAccount:
    """Every watt of the cluster.

    Args:
        rows: Parts, then the facility's overhead; they sum to ``total_w``.
        total_w: Whole cluster with its facility, W.
        equipment_w: Without the facility's overhead, W.
        job_w: Drawn for the job, its share of the overhead included, W.
        job_equipment_w: Likewise without overhead.
        network_w: Of ``job_equipment_w``: switches and both ends of links; network cards are inside the nodes.
        optics_w: Of ``network_w``: modules and engines of optical links.
        provisioned_w: Nameplate of all equipment, W: what the facility is built for.
    """

    rows: tuple[PowerRow, ...]
    total_w: float
    equipment_w: float
    job_w: float
    job_equipment_w: float
    network_w: float
    optics_w: float
    provisioned_w: float


@dataclass(frozen=True, slots=True)
class EnergyAccount:
    """Energy of a token kept.

    Args:
        joules_per_token: At the meter: equipment and facility, J.
        equipment: Of it, the equipment: what MLPerf measures at the wall, J.
        network: Of the equipment: switches and links, J.
        optics: Of the network: optical modules and engines, J.
        kg_co2_per_million_tokens: None without a carbon intensity.
    """

    joules_per_token: float
    equipment: float
    network: float
    optics: float
    kg_co2_per_million_tokens: float | None

    def to_dict(self) -> dict[str, object]:
        """Return ``energy`` of the evaluation."""
        parts = {"equipment": self.equipment, "network": self.network, "optics": self.optics}
        carbon = self.kg_co2_per_million_tokens
        return {
            "joules_per_token": self.joules_per_token,
            "of_which": {**parts, "overhead": self.joules_per_token - self.equipment},
            **({} if carbon is None else {"kg_co2_per_million_tokens": carbon}),
        }


def node_load(activity: Number, *, full: float, waiting: float) -> Number:
    """Power of a node of a job / its measured ``power_training``; floats or arrays.

    Args:
        activity: Share of the step in which its accelerators compute, 0..1; the rest they wait for others.
        full: The ratio at an activity of one.
        waiting: The ratio at an activity of nought.

    Leaves out: how hard the computing itself is on power (FP8 against BF16, small matrices).
    Source: MLPerf training 4.0 power logs of one fine-tuning job on 1, 8 and 64 nodes: power falls linearly with the
    throughput per accelerator, within 2 %.
    """
    return waiting + (full - waiting) * activity


def watts(part: Part, operation: Operation, activity: Number, position: Position = MID) -> Number:
    """Return what one such part draws, W; an array where the activity is one."""
    if part.power is None:
        return 0.0
    each = at(part.power, f"watts {part.product}", position)
    assumed = operation.assumed
    if part.load == "job":
        full = at(assumed.node_full, "node_full", position)
        return each * node_load(activity, full=full, waiting=at(assumed.node_waiting, "node_waiting", position))
    return each * at(assumed.node_idle, "node_idle", position) if part.load == "idle" else each


def job_watts(bill: Bill, operation: Operation, activity: Number, position: Position = MID) -> Number:
    """Return what the job's part of the cluster draws, facility left out, W; an array where the activity is one."""
    total: Number = 0.0
    for part in bill.parts:
        total = total + part.count * part.billed * watts(part, operation, activity, position)
    return total


def job_nameplate(bill: Bill, position: Position = MID) -> float:
    """Return what is provisioned for the job's part of the cluster, W."""
    return sum(
        part.count * part.billed * at(part.nameplate, f"watts {part.product}", position)
        for part in bill.parts
        if part.nameplate
    )


def power_levers(bill: Bill, operation: Operation) -> tuple[Lever, ...]:
    """Figures the job's watts depend on."""
    assumed = operation.assumed
    levers = {
        f"watts {part.product}": Lever(f"watts {part.product}", f"power of {part.product}", part.power)
        for part in bill.parts
        if part.power and part.billed
    }
    for key, title, load in (
        ("node_full", "node power when computing all the time", "job"),
        ("node_waiting", "node power while waiting", "job"),
        ("node_idle", "node power when idle", "idle"),
    ):
        if any(part.load == load and part.billed for part in bill.parts):
            levers[key] = Lever(key, title, getattr(assumed, key))
    return tuple(levers.values())


def power(bill: Bill, operation: Operation, *, activity: float) -> PowerAccount:
    """Account for every watt of the cluster while the job runs.

    Spare nodes and nodes of no job are taken as idle, though other jobs may run on the latter.

    Args:
        bill: Its parts.
        operation: PUE and the shape of node power.
        activity: Share of the step in which the job's accelerators compute, 0..1.
    """
    rows = [_row(part, operation, activity) for part in bill.parts if part.power]
    equipment = sum(row.w_total for row in rows)
    job_equipment = sum(row.job_w for row in rows)
    overhead = _overhead(operation, equipment, job_equipment)
    network = [row for row in rows if row.group in NETWORK]
    return PowerAccount(
        rows=(*rows, overhead),
        total_w=equipment + overhead.w_total,
        equipment_w=equipment,
        job_w=job_equipment + overhead.job_w,
        job_equipment_w=job_equipment,
        network_w=sum(row.job_w for row in network),
        optics_w=sum(row.job_w for row in network if row.group == "optics"),
        provisioned_w=sum(part.count * part.nameplate.value for part in bill.parts if part.nameplate),
    )


def _row(part: Part, operation: Operation, activity: float) -> PowerRow:
    key = f"watts {part.product}"
    mid, low, high = (float(watts(part, operation, activity, {key: sign})) for sign in (0, -1, 1))
    total = part.count * mid
    return PowerRow(
        part.item, part.count, mid, total, part.count * low, part.count * high, part.group, total * part.billed
    )


def _overhead(operation: Operation, equipment: float, job_equipment: float) -> PowerRow:
    pue = operation.pue
    mid, low, high = ((ratio - 1) * equipment for ratio in (pue.value, pue.low, pue.high))
    title = f"cooling and losses of the facility (PUE {pue.value:g})"
    return PowerRow(title, 1, mid, mid, low, high, "overhead", (pue.value - 1) * job_equipment)


def energy(account: PowerAccount, operation: Operation, *, tokens_per_s: float, goodput: float) -> EnergyAccount:
    """Return the energy of a token kept: what is drawn while the job restarts or repeats itself is in it.

    Args:
        account: Watts.
        operation: Carbon intensity, if known.
        tokens_per_s: Of the job while it runs.
        goodput: Share of the time that counts, 0..1.
    """
    kept = tokens_per_s * goodput
    joules = account.job_w / kept
    return EnergyAccount(
        joules_per_token=joules,
        equipment=account.job_equipment_w / kept,
        network=account.network_w / kept,
        optics=account.optics_w / kept,
        kg_co2_per_million_tokens=operation.carbon.value * joules * 1e6 if operation.carbon else None,
    )
