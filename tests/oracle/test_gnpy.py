"""The closed form against gnpy, which propagates every channel through every element.

Protects: the planner's own answer for amplified lines is gnpy's within the accuracy it states (0.05 dB for one span,
0.2 dB for ten), and gnpy's own files are read. Needs ``lightloom[coherent]``; without gnpy every test here is skipped.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lightloom.core.errors import MissingExtraError, StudyError
from lightloom.photonics import coherent, gnpy_line
from lightloom.photonics.coherent import Comb, Span

needs_gnpy = pytest.mark.skipif(not gnpy_line.available(), reason="gnpy is not installed")

SPAN = Span(length=80e3, loss_db_per_m=0.2e-3, gain_db=16.0, noise_figure_db=5.0)
BAND = {"frequency_low": 191.35e12, "frequency_high": 196.1e12}
COMBS = {
    "96 x 32 GBd": Comb(baud=32e9, spacing=50e9, **BAND),
    "64 x 400ZR": Comb(baud=59.84375e9, spacing=75e9, **BAND),
    "32 x 800ZR": Comb(baud=118.2e9, spacing=150e9, **BAND),
}
LINES = {
    "40 km": ([replace(SPAN, length=40e3, gain_db=8.0)], 0.05),
    "80 km with connectors": ([replace(SPAN, connector_db=0.5, gain_db=17.0)], 0.05),
    "120 km": ([replace(SPAN, length=120e3, gain_db=24.0)], 0.05),
    "unequal": ([SPAN, replace(SPAN, length=60e3, gain_db=13.0), replace(SPAN, length=100e3, gain_db=19.0)], 0.1),
    "10 x 80 km": ([replace(SPAN, count=10)], 0.2),
}


@pytest.mark.gnpy
@needs_gnpy
@pytest.mark.parametrize("comb", COMBS.values(), ids=COMBS)
@pytest.mark.parametrize(("spans", "within_db"), LINES.values(), ids=LINES)
@pytest.mark.parametrize("launch_dbm", [-3.0, 0.0, 2.0])
def test_closed_form_is_gnpys_answer(spans: Sequence[Span], within_db: float, comb: Comb, launch_dbm: float) -> None:
    closed = coherent.propagate(spans, comb, launch_dbm=launch_dbm)
    full = gnpy_line.propagate(spans, comb, launch_dbm=launch_dbm).at(int(comb.middle))
    for ratio in ("osnr_ase_db", "snr_ase_db", "gsnr_db", "gsnr_0p1nm_db"):
        assert getattr(closed, ratio) == pytest.approx(getattr(full, ratio), abs=within_db), ratio
    # gnpy lets amplifier noise make interference too: a quarter of a decibel where noise is a twentieth of the signal,
    # and there interference hardly counts.
    assert closed.snr_nli_db == pytest.approx(full.snr_nli_db, abs=0.3 if within_db == 0.2 else within_db)
    assert closed.accumulated_dispersion == pytest.approx(full.accumulated_dispersion, rel=1e-6)
    assert closed.delay == pytest.approx(full.delay, rel=1e-3)


@pytest.mark.gnpy
@needs_gnpy
def test_the_closed_form_is_the_kinder_one() -> None:
    comb = COMBS["64 x 400ZR"]
    closed = coherent.propagate([replace(SPAN, count=10)], comb, launch_dbm=3.0)
    full = gnpy_line.propagate([replace(SPAN, count=10)], comb, launch_dbm=3.0).at(int(comb.middle))
    assert closed.gsnr_db > full.gsnr_db


@pytest.mark.gnpy
@needs_gnpy
def test_a_noisy_transmitter_counts_alike() -> None:
    comb = COMBS["64 x 400ZR"]
    closed = coherent.propagate([SPAN], comb, launch_dbm=0.0, transmitter_osnr_db=34.0)
    full = gnpy_line.propagate([SPAN], comb, launch_dbm=0.0, transmitter_osnr_db=34.0).at(int(comb.middle))
    assert closed.gsnr_0p1nm_db == pytest.approx(full.gsnr_0p1nm_db, abs=0.05)


@pytest.mark.gnpy
@needs_gnpy
def test_the_middle_channel_is_near_the_worst() -> None:
    comb = COMBS["96 x 32 GBd"]
    channels = gnpy_line.propagate([SPAN], comb, launch_dbm=0.0)
    assert len(channels.frequency) == comb.channel_count
    assert channels.frequency[int(comb.middle)] == pytest.approx(comb.frequency)
    apart = float(channels.gsnr_db[int(comb.middle)] - channels.gsnr_db[channels.worst])
    assert 0.0 <= apart < 0.1


def network(*, gain: float) -> dict[str, object]:
    fibre = {"length": 80, "loss_coef": 0.2, "length_units": "km", "att_in": 0, "con_in": 0.5, "con_out": 0.5}
    return {
        "network_name": "two sites",
        "elements": [
            {"uid": "east", "type": "Transceiver"},
            {"uid": "span", "type": "Fiber", "type_variety": "SSMF", "params": fibre},
            {
                "uid": "preamplifier",
                "type": "Edfa",
                "type_variety": "line",
                "operational": {"gain_target": gain, "tilt_target": 0, "out_voa": 0},
            },
            {"uid": "west", "type": "Transceiver"},
        ],
        "connections": [
            {"from_node": "east", "to_node": "span"},
            {"from_node": "span", "to_node": "preamplifier"},
            {"from_node": "preamplifier", "to_node": "west"},
        ],
    }


def equipment() -> dict[str, object]:
    return {
        "Edfa": [
            {
                "type_variety": "line", "type_def": "fixed_gain", "gain_flatmax": 17, "gain_min": 17, "p_max": 30,
                "nf0": 5, "allowed_for_design": True,
            }
        ],
        "Fiber": [
            {"type_variety": "SSMF", "dispersion": 1.67e-05, "effective_area": 83e-12, "pmd_coef": 1.265e-15}
        ],
        "Span": [
            {
                "power_mode": False, "delta_power_range_db": [0, 0, 0], "max_fiber_lineic_loss_for_raman": 0.25,
                "target_extended_gain": 0, "max_length": 150, "length_units": "km", "max_loss": 28, "padding": 0,
                "EOL": 0, "con_in": 0, "con_out": 0,
            }
        ],
        "Roadm": [
            {
                "target_pch_out_db": -20, "add_drop_osnr": 38, "pmd": 0, "pdl": 0,
                "restrictions": {"preamp_variety_list": [], "booster_variety_list": []},
            }
        ],
        "SI": [
            {
                "f_min": 191.35e12, "f_max": 196.1e12, "baud_rate": 59.84375e9, "spacing": 75e9, "power_dbm": 0,
                "power_range_db": [0, 0, 1], "roll_off": 0.15, "tx_osnr": 100, "sys_margins": 0,
            }
        ],
        "Transceiver": [],
    }  # fmt: skip


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    library, topology = tmp_path / "equipment.json", tmp_path / "network.json"
    library.write_text(json.dumps(equipment()), encoding="utf-8")
    topology.write_text(json.dumps(network(gain=17.0)), encoding="utf-8")
    return library, topology


@pytest.mark.gnpy
@needs_gnpy
def test_gnpys_own_files_give_the_answer_of_the_same_line(files: tuple[Path, Path]) -> None:
    channels, passed = gnpy_line.propagate_files(*files, source="east", destination="west")
    assert passed == ("east", "span", "preamplifier", "west")
    comb = COMBS["64 x 400ZR"]
    closed = coherent.propagate([replace(SPAN, connector_db=0.5, gain_db=17.0)], comb, launch_dbm=0.0)
    middle = channels.at(int(np.argmin(np.abs(channels.frequency - comb.frequency))))
    assert middle.gsnr_0p1nm_db == pytest.approx(closed.gsnr_0p1nm_db, abs=0.1)


@pytest.mark.gnpy
@needs_gnpy
def test_files_gnpy_cannot_use_are_refused_by_name(files: tuple[Path, Path], tmp_path: Path) -> None:
    library, topology = files
    with pytest.raises(StudyError, match="no transceiver called 'eats'; did you mean 'east'"):
        gnpy_line.propagate_files(library, topology, source="eats")
    with pytest.raises(StudyError, match="both ends"):
        gnpy_line.propagate_files(library, topology, source="east", destination="east")
    with pytest.raises(StudyError, match=r"equipment\.json: gnpy does not take the file"):
        gnpy_line.propagate_files(library, library)
    with pytest.raises(StudyError, match=r"gone\.json: gnpy does not take the file \(no such file"):
        gnpy_line.propagate_files(tmp_path / "gone.json", topology)


@pytest.mark.skipif(gnpy_line.available(), reason="gnpy is installed")
def test_without_gnpy_the_extra_is_named() -> None:
    with pytest.raises(MissingExtraError, match=r"install lightloom\[coherent\]"):
        gnpy_line.propagate([SPAN], COMBS["64 x 400ZR"], launch_dbm=0.0)
