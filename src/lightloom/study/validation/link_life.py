"""Kinds of link cases about time: how often links fail, and how long a change of path takes them away."""

from lightloom.core.arrays import Number
from lightloom.photonics import outage, reliability
from lightloom.study.validation.case_fields import CaseError, NotNegative, Params, Positive, Share, needed
from lightloom.study.validation.cases import CaseKind, Quantity


class RateParams(Params):
    """A mean time between failures, or failures counted in a fleet; the first where both are given."""

    mtbf_h: Positive | None = None
    device_h: Positive | None = None
    events: NotNegative | None = None
    confidence: Share | None = None
    devices: Positive | None = None

    def fit(self) -> Number:
        """Return failures in 1e9 hours."""
        if self.mtbf_h is not None:
            return reliability.fit_of(self.mtbf_h * reliability.HOUR)
        if self.device_h is None or self.events is None:
            message = "the parameter mtbf_h, or device_h with events, is missing"
            raise CaseError(message)
        return reliability.fit_counted(self.events, self.device_h * reliability.HOUR)

    def fit_upper(self) -> Number:
        """Return the rate that so few failures exclude, FIT."""
        return reliability.fit_upper(
            needed(self.events, "events"),
            needed(self.device_h, "device_h") * reliability.HOUR,
            confidence=needed(self.confidence, "confidence"),
        )

    def fleet_interval(self) -> Number:
        """Return the hours until any of many devices fails."""
        seconds = reliability.fleet_interval(self.fit(), devices=needed(self.devices, "devices"))
        return seconds / reliability.HOUR


FIT_RATE: CaseKind[RateParams] = CaseKind(
    "fit_rate",
    RateParams,
    {
        "fit": Quantity("FIT", lambda p: p.fit()),
        "annual_failure_rate": Quantity("1", lambda p: reliability.yearly_share(p.fit())),
        "mtbf_years": Quantity("yr", lambda p: reliability.mean_time(p.fit()) / reliability.YEAR),
        "events_per_device_day": Quantity("1/day", lambda p: reliability.daily_events(p.fit())),
        "fit_upper": Quantity("FIT", lambda p: p.fit_upper()),
        "fleet_interval": Quantity("h", lambda p: p.fleet_interval()),
    },
)


class OutageParams(Params):
    """What a change of path waits for."""

    control_s: NotNegative
    switch_s: NotNegative
    relock_s: NotNegative
    hold_s: NotNegative | None = None

    def outage(self) -> Number:
        """Return the time without traffic, s."""
        return outage.outage(control=self.control_s, switching=self.switch_s, receiver_lock=self.relock_s)


OUTAGE: CaseKind[OutageParams] = CaseKind(
    "outage",
    OutageParams,
    {
        "outage": Quantity("s", lambda p: p.outage()),
        "efficiency": Quantity("1", lambda p: outage.kept_share(needed(p.hold_s, "hold_s"), p.outage())),
    },
)
