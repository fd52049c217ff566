"""Laws of the shapes of devices, over every switch shipped: ports within throughput, a sweep equals its singles."""

import numpy as np
import pytest

from lightloom.catalog import loading, products
from lightloom.devices.receiver import REGIMES
from lightloom.photonics.outage import outages

RATES = np.array([12.5e9, 25e9, 50e9, 100e9, 200e9])


@pytest.mark.parametrize("name", loading.names("switches"))
def test_ports_of_a_sweep_are_those_of_its_singles(name: str) -> None:
    switch = products.packet_switch(name)
    assert np.array_equal(switch.radix_at(RATES), [switch.radix_at(float(rate)) for rate in RATES])


@pytest.mark.parametrize("name", loading.names("switches"))
def test_ports_never_carry_more_than_the_switch(name: str) -> None:
    switch = products.packet_switch(name)
    ports = switch.radix_at(RATES)
    assert np.all(ports * RATES <= switch.throughput.value * (1 + 1e-6))
    assert np.all(np.diff(ports) <= 0)
    assert switch.lanes is None or np.all(ports <= switch.lanes.value)


@pytest.mark.parametrize(
    ("name", "rate", "ports"),
    [
        ("tomahawk-4", 50e9, 64),
        ("tomahawk-5", 100e9, 64),
        ("tomahawk-5", 50e9, 128),
        ("quantum-2", 50e9, 64),
        ("quantum-2", 100e9, 0),
        ("nvswitch-3", 25e9, 64),
    ],
)
def test_ports_are_those_of_the_data_sheet(name: str, rate: float, ports: int) -> None:
    assert products.packet_switch(name).radix_at(rate) == ports


@pytest.mark.parametrize("receiver", loading.names("receivers"))
@pytest.mark.parametrize("name", loading.names("circuit-switches"))
def test_an_outage_is_the_sum_of_its_parts_and_grows_with_the_regime(name: str, receiver: str) -> None:
    switch, ends = products.circuit_switch(name), products.receiver(receiver)
    control, switching, lock = switch.control_time, switch.switching_time, ends.receiver_lock
    found = outages(control, switching, receiver_lock=lock, bring_up=ends.bring_up)
    assert [outage.setting for outage in found] == list(REGIMES[: len(found)])
    for outage in found:
        parts = (control, switching, lock, ends.bring_up[outage.setting])
        assert outage.total.value == pytest.approx(sum(part.value for part in parts))
        assert outage.total.low <= outage.total.value <= outage.total.high
    assert [outage.total.value for outage in found] == sorted(outage.total.value for outage in found)


@pytest.mark.parametrize("name", loading.names("circuit-switches"))
def test_guaranteed_loss_is_no_less_than_typical_loss(name: str) -> None:
    switch = products.circuit_switch(name)
    assert switch.insertion_loss_maximum.value >= switch.insertion_loss_typical.value
    assert switch.return_loss_db > 0
    assert switch.ports_usable.value <= switch.ports.value
