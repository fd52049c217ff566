"""Figures in print that mean something else than they seem: each trap once as shipped, once as a file that states it.

Facts: the table of traps of the project's device survey (2026-11-23), which names the documents that fell into each.
"""

from itertools import pairwise
from pathlib import Path

import pytest

from lightloom.accounts.defaults import FailureProfile
from lightloom.catalog import loading, products
from lightloom.core.errors import CatalogError
from lightloom.core.figures import BandwidthFigure, BytesFigure, FlopRateFigure, PowerFigure
from lightloom.core.product import Product
from lightloom.devices.accelerator import Accelerator
from lightloom.devices.node import Node
from lightloom.devices.packet_switch import PacketSwitch
from lightloom.photonics.outage import outages


class Stated(Product):
    """A file with one figure of each dimension the traps concern."""

    kind = "trap"
    flops: FlopRateFigure | None = None
    bandwidth: BandwidthFigure | None = None
    memory: BytesFigure | None = None
    power: PowerFigure | None = None


def stated(tmp_path: Path, figure: str) -> Stated:
    path = tmp_path / "trap.toml"
    path.write_text(
        f'kind = "trap"\ntitle = "trap"\n[source.page]\ntitle = "A page"\nwhere = "p. 1"\n[figures]\n{figure}\n',
        encoding="utf-8",
    )
    return loading.read_path(path, Stated)


def variant(tmp_path: Path, folder: str, name: str, old: str, new: str) -> Path:
    text = (loading.ROOT / folder / f"{name}.toml").read_text(encoding="utf-8")
    assert text.count(old) == 1
    path = tmp_path / f"{name}.toml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "bf16", "fp8"),
    [("h100-sxm-80gb", 989.4e12, 1978.9e12), ("b200-sxm-180gb", 2250e12, 4500e12)],
)
def test_shipped_peaks_are_dense(name: str, bf16: float, fp8: float) -> None:
    product = products.accelerator(name)
    assert product.peak_bf16.value == pytest.approx(bf16)
    assert product.peak_fp8 is not None
    assert product.peak_fp8.value == pytest.approx(fp8)
    assert "dense" in product.peak_bf16.printed


@pytest.mark.parametrize(("printed", "dense"), [("1979 TFLOP/s", 989.5e12), ("3958 TFLOP/s", 1979e12)])
def test_a_sparse_peak_is_halved(tmp_path: Path, printed: str, dense: float) -> None:
    product = stated(
        tmp_path, f'flops = {{ value = "{printed}", convention = "sparse", sure = "published", source = "page" }}'
    )
    assert product.flops is not None
    assert product.flops.value == pytest.approx(dense)
    assert product.flops.printed == f"{printed} sparse"


def test_hgx_boards_are_not_given_the_clock_of_the_rack() -> None:
    assert products.accelerator("b200-sxm-180gb").peak_bf16.value < 2500e12


@pytest.mark.parametrize(
    ("name", "one_way"), [("a100-sxm-80gb", 300e9), ("h100-sxm-80gb", 450e9), ("b200-sxm-180gb", 900e9)]
)
def test_shipped_scale_up_bandwidth_is_one_way(name: str, one_way: float) -> None:
    figure = products.accelerator(name).scale_up_bandwidth
    assert figure.value == one_way
    assert "both ways" in figure.printed


def test_bandwidth_both_ways_is_halved_with_its_band(tmp_path: Path) -> None:
    text = 'value = "900 GB/s", low = "800 GB/s", high = "960 GB/s", convention = "both ways"'
    product = stated(tmp_path, f'bandwidth = {{ {text}, sure = "published", source = "page" }}')
    assert product.bandwidth is not None
    assert (product.bandwidth.low, product.bandwidth.value, product.bandwidth.high) == (400e9, 450e9, 480e9)


def test_a_figure_per_die_is_taken_as_often_as_there_are_dies(tmp_path: Path) -> None:
    product = stated(tmp_path, 'flops = { value = "1153.5 TFLOP/s", times = 2, sure = "published", source = "page" }')
    assert product.flops is not None
    assert product.flops.value == pytest.approx(2307e12)


@pytest.mark.parametrize(
    ("name", "mebibytes", "label"),
    [
        ("a100-sxm-80gb", 81920, 80e9),
        ("a100-sxm-40gb", 40960, 40e9),
        ("h100-sxm-80gb", 81559, 80e9),
        ("b200-sxm-180gb", 183359, 180e9),
    ],
)
def test_usable_memory_is_the_drivers_not_the_labels(name: str, mebibytes: int, label: float) -> None:
    product = products.accelerator(name)
    assert product.memory_usable.value == mebibytes * 2**20
    assert product.memory_label.value == label
    assert product.memory_usable.printed == f"{mebibytes} MiB usable"


def test_gib_and_gb_are_different_units(tmp_path: Path) -> None:
    product = stated(tmp_path, 'memory = { value = "80 GiB", sure = "published", source = "page" }')
    assert product.memory is not None
    assert product.memory.value == 80 * 2**30


@pytest.mark.parametrize("name", ["a100-sxm-80gb", "a100-sxm-40gb"])
def test_a100_has_no_fp8(name: str) -> None:
    product = products.accelerator(name)
    assert product.peak_fp8 is None
    assert product.matmul_fp8 is None


def test_an_fp8_ceiling_without_an_fp8_peak_is_refused(tmp_path: Path) -> None:
    path = variant(
        tmp_path,
        "accelerators",
        "a100-sxm-80gb",
        "[figures]\n",
        '[figures]\nmatmul_fp8 = { value = "540 TFLOP/s", sure = "published", source = "engineering" }\n',
    )
    with pytest.raises(CatalogError, match="precision without a peak"):
        loading.read_path(path, Accelerator)


@pytest.mark.parametrize(
    ("name", "share"), [("a100-sxm-80gb", 0.869), ("h100-sxm-80gb", 0.803), ("b200-sxm-180gb", 0.776)]
)
def test_matmul_ceilings_are_the_measured_shares_of_the_peak(name: str, share: float) -> None:
    product = products.accelerator(name)
    assert product.matmul_bf16.sure == "measured"
    assert product.matmul_bf16.value / product.peak_bf16.value == pytest.approx(share, abs=5e-4)


def test_a_ceiling_above_the_dense_peak_is_refused(tmp_path: Path) -> None:
    path = variant(tmp_path, "accelerators", "h100-sxm-80gb", '"794.5 TFLOP/s"', '"989.5 TFLOP/s", high = "1 PFLOP/s"')
    text = path.read_text(encoding="utf-8").replace(', low = "750 TFLOP/s", high = "800 TFLOP/s"', "")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogError, match="above peak_bf16"):
        loading.read_path(path, Accelerator)


def test_link_rate_is_not_the_bus_bandwidth_of_an_all_reduce_in_the_switch() -> None:
    assert products.accelerator("h100-sxm-80gb").scale_up_bandwidth.high < 466e9


@pytest.mark.parametrize("name", loading.names("nodes"))
def test_energy_is_billed_below_nameplate(name: str) -> None:
    node = products.node(name)
    assert 0.55 < node.power_training.value / node.power_nameplate.value < 0.75
    assert node.power_training.high < node.power_nameplate.high
    assert "nameplate" in node.power_nameplate.printed


def test_the_measured_node_drew_6_85_of_10_2_kilowatts() -> None:
    node = products.node("dgx-h100")
    assert node.power_training.value == 6850.0
    assert node.power_training.sure == "measured"
    assert node.power_nameplate.value == 10200.0
    assert 0 < node.power_module_share.value < 0.02 * node.power_training.value


def test_nameplate_stated_as_load_is_refused(tmp_path: Path) -> None:
    path = variant(
        tmp_path, "nodes", "dgx-h100", 'value = "6.85 kW", low = "6.76 kW", high = "6.94 kW"', 'value = "11 kW"'
    )
    with pytest.raises(CatalogError, match="above power_nameplate"):
        loading.read_path(path, Node)


def test_quantum_2_is_25_6_terabits_one_way() -> None:
    switch = products.packet_switch("quantum-2")
    assert switch.throughput.value * 8 == pytest.approx(25.6e12)
    assert switch.throughput.printed == "51.2 Tb/s both ways"


@pytest.mark.parametrize("name", loading.names("switches"))
def test_throughput_is_what_the_ports_carry_one_way(name: str) -> None:
    switch = products.packet_switch(name)
    assert switch.throughput.value == pytest.approx(switch.ports.value * switch.port_rate.value)
    assert switch.radix_at(switch.port_rate.value) == switch.ports.value


def test_an_aggregate_taken_one_way_shows_in_the_ports(tmp_path: Path) -> None:
    path = variant(tmp_path, "switches", "quantum-2", '"51.2 Tb/s", convention = "both ways"', '"51.2 Tb/s"')
    switch = loading.read_path(path, PacketSwitch)
    assert switch.throughput.value != pytest.approx(switch.ports.value * switch.port_rate.value)


def test_switch_boxes_draw_less_than_their_supplies_are_rated() -> None:
    switch = products.packet_switch("tomahawk-5")
    assert switch.power_typical.value == 913.0
    assert switch.power_maximum.value == 3000.0
    assert "nameplate" in switch.power_maximum.printed


def test_switches_inside_a_node_are_not_counted_again() -> None:
    switch = products.packet_switch("nvswitch-3")
    assert switch.part_of_node
    assert switch.price.value == switch.power_typical.value == switch.power_maximum.value == 0.0


def test_flash_prices_carry_their_date_and_their_spread() -> None:
    for name in loading.names("storage"):
        figure = products.storage(name).price_per_byte
        assert figure is not None
        assert figure.source is not None
        assert "2026" in figure.source.title
        assert figure.low >= 100e-12
        assert figure.high <= 1000e-12


def test_a_changed_circuit_costs_more_than_the_mirror() -> None:
    switch = products.circuit_switch("palomar")
    for name, expected in (("retimed", [0.047, 5.717, 95.047]), ("linear", [0.046, 5.716, 95.046])):
        ends = products.receiver(name)
        changes = outages(
            switch.control_time, switch.switching_time, receiver_lock=ends.receiver_lock, bring_up=ends.bring_up
        )
        assert [change.setting for change in changes] == ["fixed-fec", "module-init", "operator"]
        assert [round(change.total.value, 3) for change in changes] == expected
        assert all(change.total.value > 10 * switch.switching_time.value for change in changes)


def test_what_a_module_needs_is_not_physics() -> None:
    locks = [products.receiver(name).receiver_lock.value for name in ("burst-mode", "fast-lock", "linear", "retimed")]
    assert all(slow > 100 * fast for fast, slow in pairwise(locks[:3]))
    assert locks[2] < locks[3]
    assert all(products.receiver(name).preview for name in ("burst-mode", "fast-lock"))


def test_only_spraying_shrugs_off_flaps() -> None:
    lost = {name: products.transport(name).lost_per_flap for name in loading.names("transports")}
    assert lost["mrc"].high < lost["roce"].low
    assert all(products.transport(name).multipath == (figure.value < 0.01) for name, figure in lost.items())
    profile = loading.read("failures", "llama3-54-days", FailureProfile)
    assert (lost["roce"].value, lost["roce"].low, lost["roce"].high) == (
        profile.lost_per_flap.value,
        profile.lost_per_flap.low,
        profile.lost_per_flap.high,
    )
