"""Link numbers worked out elsewhere come out within their tolerance, one by one, by the functions that plan links.

The cases ship in ``lightloom/measured/link_cases.json``, each with its source; they rest on IEEE 802.3 clauses, data
sheets, the OCI MSA, talks of ECOC 2026, published field counts, gnpy 3.0.1 and a Monte Carlo run of another decoder.
"""

import json
from collections.abc import Mapping

import pytest

from lightloom.photonics import gnpy_line
from lightloom.study.validation.case_file import CaseSpec, Misfit, read_cases
from lightloom.study.validation.cases import work_out
from lightloom.study.validation.links import LINK_KINDS, SHIPPED

CASES = read_cases(SHIPPED)
PRESENT = frozenset({"gnpy"} if gnpy_line.available() else ())


def _marked(case: CaseSpec | Misfit) -> object:
    slow = isinstance(case, CaseSpec) and case.kind == "inner_code"
    return pytest.param(case, id=case.id, marks=pytest.mark.slow if slow else ())


@pytest.mark.parametrize("case", [_marked(case) for case in CASES])
def test_case_worked_out_elsewhere(case: CaseSpec | Misfit) -> None:
    found = work_out([case], LINK_KINDS, PRESENT)
    assert found.not_covered == ()
    (row,) = found.rows
    assert row.passed, f"{row.got} is not {row.expected} within {row.tolerance}"


def test_shipped_file_asks_for_every_kind() -> None:
    assert len(CASES) == json.loads(SHIPPED.read_text(encoding="utf-8"))["count"]
    assert {case.kind for case in CASES if isinstance(case, CaseSpec)} == set(LINK_KINDS)


def test_vocabulary_is_the_one_the_file_declares() -> None:
    declared = json.loads(SHIPPED.read_text(encoding="utf-8"))["vocabulary_used"]
    for name, kind in declared.items():
        known = LINK_KINDS[name]
        assert set(kind["params"]) <= set(known.params.model_fields)
        assert kind["quantities"] == {each: quantity.unit for each, quantity in known.quantities.items()}


# Quantities of the vocabulary that the shipped file does not ask for, worked out by hand.
@pytest.mark.parametrize(
    ("kind", "params", "quantity", "unit", "expected"),
    [
        # 1.5 Q(2) = 0.0341, so a symbol error ratio of that is q = 2; half of it in bits.
        ("q_to_ber", {"modulation": "pam4", "ser": 0.03412520}, "q", "1", 2.0),
        ("q_to_ber", {"modulation": "pam4", "ser": 0.03412520}, "ber", "1", 0.01706260),
        ("q_to_ber", {"modulation": "nrz"}, "oma_penalty_vs_nrz", "dB", 0.0),
        # From a share of symbols, from codewords, from frames: 2 (1 + 1/16) CER.
        ("kp4", {"symbol_error_prob": 0.00239741}, "cer", "1", 8.15157e-13),
        ("kp4", {"cer": 1e-12, "interleave": 2}, "flr", "1", 2.125e-12),
        ("kp4", {"flr": 2.125e-12, "interleave": 2}, "cer", "1", 1e-12),
        ("kp4", {"cer": 8.15157e-13}, "ber_at_cer", "1", 2.4e-4),
        ("margin_to_ber", {"ber": 2.4e-4, "threshold_ber": 1e-3}, "cer", "1", 8.15157e-13),
        # 10 log10(1e-3 W) is 0 dBm, times 2 (10 - 1)/(10 + 1).
        ("oma", {"power_avg_dbm": 0.0, "extinction_ratio_db": 10.0}, "oma", "dBm", 2.13880),
        # 4 sqrt(1e-5) of the inner eye, times three, over 1 - 10^-0.35.
        (
            "mpi",
            {"form": "coherent", "interferer_db": -50.0, "extinction_ratio_db": 3.5},
            "penalty",
            "dB",
            0.308543,
        ),
        # 2 x 7 x 1 uA / 0.8 A/W = 17.5 uW.
        (
            "receiver_noise",
            {"modulation": "nrz", "q": 7.0, "noise_a_rms": 1e-6, "responsivity_a_per_w": 0.8},
            "sensitivity_rms",
            "dBm",
            -17.5696,
        ),
        ("copper_reach", {"reach_rate_product_m_bps": 5e11, "lane_bps": 2e11}, "reach_by_rate", "m", 2.5),
        ("energy_per_bit", {"power_w": 108.0, "ports": 136}, "power_per_port", "W", 0.794118),
        # 2.9957 events at 95 % in a million hours without one.
        ("fit_rate", {"device_h": 1e6, "events": 0, "confidence": 0.95}, "fit_upper", "FIT", 2995.73),
        ("fit_rate", {"device_h": 24e6, "events": 1000}, "events_per_device_day", "1/day", 1e-3),
        ("fit_rate", {"mtbf_h": 3e5, "devices": 1e5}, "fleet_interval", "h", 3.0),
        ("fit_rate", {"device_h": 3e6, "events": 10, "devices": 1e5}, "fleet_interval", "h", 3.0),
        ("outage", {"control_s": 1e-3, "switch_s": 2e-3, "relock_s": 3e-3}, "outage", "s", 6e-3),
        # One span at the frequency stated: 0 - 16 - 5 dB less 10 log10(h f 12.5 GHz/1 mW).
        (
            "coherent_span",
            {
                "span": {
                    "length_m": 80e3,
                    "loss_db_per_km": 0.2,
                    "connector_db_each_end": 0.0,
                    "gain_db": 16.0,
                    "nf_db": 5.0,
                },
                "spans": 10,
                "launch_dbm": 0.0,
                "reference_frequency_hz": 193.4e12,
            },
            "osnr_simple",
            "dB",
            36.9538,
        ),
        # Ends of the range: no error at all, all wrong, half of the bits of two levels wrong, more than half.
        ("kp4", {"ber": 0, "interleave": 2}, "flr", "1", 0.0),
        ("kp4", {"symbol_error_prob": 1.0}, "cer", "1", 1.0),
        ("kp4", {"cer": 1.0, "interleave": 4}, "flr", "1", 4.125),
        ("kp4", {"ber": 0.0, "burst_continue": 0.5}, "cer_burst", "1", 0.0),
        ("q_to_ber", {"modulation": "nrz", "q": 0.0}, "ber", "1", 0.5),
        ("q_to_ber", {"modulation": "pam4", "q": -1.0}, "ber", "1", 0.75 * 0.8413447),
        ("fibre", {"length_m": 500, "loss_db_per_km": 0}, "loss", "dB", 0.0),
        # More than the budget goes in the ends: 2 dB too much at 5 dB/m.
        ("copper_reach", {"budget_db": 28, "fixed_db": 30, "cable_db_per_m": 5}, "reach", "m", -0.4),
        ("outage", {"control_s": 0, "switch_s": 0, "relock_s": 1, "hold_s": 0}, "efficiency", "1", 0.0),
        # What a quantity does not use need not be given.
        ("q_to_ber", {}, "oma_penalty_vs_nrz", "dB", 4.771213),
        ("margin_to_ber", {"ber": 2.4e-4}, "cer", "1", 8.15157e-13),
        (
            "coherent_span",
            {"spacing_hz": 50e9, "f_min_hz": 191.35e12, "f_max_hz": 196.12e12},
            "channels",
            "count",
            96,
        ),
        (
            "coherent_span",
            {"span": {"length_m": 80e3}, "spans": 3, "dispersion_s_per_m2": 1.67e-5},
            "accumulated",
            "s/m",
            4.008,
        ),
        # Glass of index 1.468: 240 km / 204,218 km/s.
        ("coherent_span", {"span": {"length_m": 80e3}, "spans": 3}, "delay", "s", 1.1752130e-3),
        # Fibre that bends light the other way.
        (
            "coherent_span",
            {"span": {"length_m": 80e3}, "spans": 1, "dispersion_s_per_m2": -1.67e-5},
            "accumulated",
            "s/m",
            -1.336,
        ),
    ],
)
def test_quantity_worked_out_by_hand(
    kind: str, params: dict[str, object], quantity: str, unit: str, expected: float
) -> None:
    case = CaseSpec.model_validate(
        {"id": "hand", "kind": kind, "params": params, "quantity": quantity, "unit": unit, "expected": expected}
        | {"rtol": 1e-5, "atol": 1e-4 * (unit in ("dB", "dBm"))}
    )
    found = work_out([case], LINK_KINDS, PRESENT)
    assert found.not_covered == ()
    assert found.rows[0].passed, found.rows[0]


def test_every_span_is_fed_with_the_launch_power() -> None:
    # Amplifiers that make up for 1 dB too little: the vocabulary still adds up equal spans, 10 log10(5) = 6.9897 dB.
    span = {"length_m": 80e3, "loss_db_per_km": 0.2, "connector_db_each_end": 0.0, "gain_db": 15.0, "nf_db": 5.0}
    params = {"span": span, "launch_dbm": 0.0, "baud": 32e9, "spacing_hz": 50e9, "f_min_hz": 191.35e12}
    params |= {"f_max_hz": 196.1e12, "dispersion_s_per_m2": 1.67e-5, "effective_area_m2": 83e-12}
    one, five = (_got({**params, "spans": spans}, "snr_nli") for spans in (1, 5))
    assert one - five == pytest.approx(6.9897, abs=1e-4)


def test_flags_are_read_as_one_and_nought_too() -> None:
    params = {"extinction_ratio_db": 5.0, "responsivity_a_per_w": 0.8, "noise_a_per_rthz": 1.6e-11}
    params |= {"bandwidth_hz": 4e10, "rin_per_hz": 0.0, "target_ber": 2.4e-4}
    kind = "receiver_noise"
    assert _got({**params, "shot": 0}, "sensitivity", kind) == _got({**params, "shot": False}, "sensitivity", kind)
    assert _got({**params, "shot": 1}, "sensitivity", kind) == _got(params, "sensitivity", kind)


def _got(params: Mapping[str, object], quantity: str, kind: str = "coherent_span") -> float:
    unit = LINK_KINDS[kind].quantities[quantity].unit
    case = {"id": "asked", "kind": kind, "params": params, "quantity": quantity, "unit": unit}
    (row,) = work_out(
        [CaseSpec.model_validate(case | {"expected": 0.0, "rtol": 0, "atol": 0})], LINK_KINDS, PRESENT
    ).rows
    assert isinstance(row.got, float)
    return row.got


def test_what_gnpy_has_no_other_number_of_needs_no_gnpy() -> None:
    case = {"id": "asked", "kind": "coherent_span", "params": {"span": {"length_m": 80e3}, "spans": 1}}
    case |= {"quantity": "delay", "unit": "s", "expected": 3.91738e-4, "rtol": 1e-5, "atol": 0, "needs": "gnpy"}
    found = work_out([CaseSpec.model_validate(case)], LINK_KINDS, frozenset())
    assert [row.passed for row in found.rows] == [True]
