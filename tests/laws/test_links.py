"""Laws of every registered link kind and every shipped link product, tried on all of them unasked.

Protects: more loss or length never helps, a budget's lines add up to its margin, one number and a sweep agree, nothing
is free or instant, the two modes stay apart, warmth never helps. Source: the definitions in ``photonics``; copper by
IEC 60028, ranges of temperature by the sheets the catalog names.
"""

import dataclasses
import json
import re

import numpy as np
import pytest

from lightloom.catalog.loading import figures_of, names
from lightloom.catalog.products import link
from lightloom.core.errors import StudyError
from lightloom.photonics import budget, errors, fec, spread, temperature
from lightloom.photonics.electrical import ElectricalProduct
from lightloom.photonics.kinds import LINK_KINDS
from lightloom.photonics.kinds.bidirectional import Bidirectional
from lightloom.photonics.link_report import link_report
from lightloom.photonics.links import CircuitSwitchPass, LinkPolicy, LinkRequest, choose
from lightloom.photonics.optical import OpticalProduct
from lightloom.photonics.pair import Pair
from lightloom.photonics.product import CLAUSE_PLANT, LinkProduct, Path
from lightloom.photonics.reasons import longest_length

SHIPPED = {name: link(name) for name in names("links")}
SPECIMENS = [specimen for kind in LINK_KINDS.values() for specimen in kind.specimens()]
EVERY = [*SPECIMENS, *SHIPPED.values()]
LENGTHS = np.array([0.0, 0.3, 1.0, 2.0, 6.9, 50.0, 499.0, 2000.0, 1e4])


def seen_in_the_field(product: LinkProduct) -> bool:
    """Copper has its allowance; of optics only some have field data."""
    return product.medium != "fibre" or getattr(product, "field_margin", None) is not None


every = pytest.mark.parametrize("product", EVERY, ids=lambda product: f"{product.kind}:{product.name}")
mode = pytest.mark.parametrize("mode", ["spec_min", "distribution"])


def paths(**columns: object) -> Path:
    given = {"length": LENGTHS, "connectors": np.full(LENGTHS.shape, 4.0)} | columns
    return Path(
        **{name: np.broadcast_to(np.asarray(value, dtype=float), LENGTHS.shape) for name, value in given.items()}
    )


def test_every_kind_has_specimens_and_products() -> None:
    assert set(LINK_KINDS) == {product.kind for product in SPECIMENS} == {product.kind for product in SHIPPED.values()}


@every
@mode
def test_longer_never_closes_better(product: LinkProduct, mode: str) -> None:
    verdict = Pair(product, product).judge(paths(), mode=mode, required_db=0.0)
    assert np.all(np.diff(verdict.deciding_db) < 0)
    assert np.all(np.diff(verdict.closes.astype(int)) <= 0)
    assert np.all(np.diff(verdict.closes_share) <= 0)


@every
@mode
def test_more_loss_never_closes_better(product: LinkProduct, mode: str) -> None:
    for more in ({"switches_typical_db": 1.5, "switches_maximum_db": 2.0}, {"extra_loss_db": 1.0}, {"connectors": 6.0}):
        plain, lossy = (Pair(product, product).judge(p, mode=mode, required_db=0.0) for p in (paths(), paths(**more)))
        assert np.all(lossy.closes <= plain.closes)
        assert np.all(lossy.closes_share <= plain.closes_share)
        if product.passes_circuits:
            assert np.all(lossy.deciding_db < plain.deciding_db)
        elif "connectors" not in more:
            assert not lossy.closes.any()


WARMER = np.array([-60.0, -20.0, 0.0, 19.0, 20.0, 45.0, 70.0, 71.0, 200.0])


def warm_paths(length: float = 2.0) -> Path:
    return paths(length=length, temperature=WARMER)


@every
def test_warmer_parts_as_they_come_never_close_better(product: LinkProduct) -> None:
    verdict = Pair(product, product).judge(warm_paths(), mode="distribution", required_db=0.0)
    falls = np.diff(verdict.deciding_db)
    warms = isinstance(product, ElectricalProduct) or getattr(product, "field_temperature", None) is not None
    assert np.all(falls < 0) if warms else np.all(falls == 0)
    mild = verdict.within_temperature
    assert np.all(np.diff(verdict.closes[mild].astype(int)) <= 0)
    assert np.all(np.diff(verdict.closes_share[mild]) <= 0)


@every
def test_guaranteed_limits_hold_over_the_range_and_nowhere_else(product: LinkProduct) -> None:
    pair, (low, high) = Pair(product, product), product.temperatures
    verdict = pair.judge(warm_paths(), mode="spec_min", required_db=0.0)
    usual = pair.judge(paths(length=2.0), mode="spec_min", required_db=0.0)
    assert np.all(verdict.margin_spec_db == usual.margin_spec_db)
    inside = (low <= WARMER) & (high >= WARMER)
    assert np.array_equal(verdict.within_temperature, inside)
    assert np.array_equal(verdict.closes, usual.closes & inside)
    assert np.array_equal(verdict.closes_share > 0.0, (verdict.closes_share > 0.0) & inside)


@every
@mode
def test_the_temperature_of_its_figures_changes_nothing(product: LinkProduct, mode: str) -> None:
    taken = getattr(product, "field_temperature", None) or getattr(product, "loss_temperature", None)
    if taken is None:
        return
    stated, left_out = (
        Pair(product, product).judge(each, mode=mode, required_db=0.0)
        for each in (paths(temperature=taken.value), paths())
    )
    for field in dataclasses.fields(stated):
        assert np.array_equal(getattr(stated, field.name), getattr(left_out, field.name)), field.name


@every
def test_cold_and_warm_in_one_sweep_equal_single_links(product: LinkProduct) -> None:
    pair, mixed = Pair(product, product), np.where(WARMER == 20.0, temperature.AT_REFERENCE, WARMER)
    sweep = pair.judge(paths(temperature=mixed), mode="distribution", required_db=0.5)
    singles = [
        pair.judge(Path(float(length), 4.0, temperature=float(each)), mode="distribution", required_db=0.5)
        for length, each in zip(LENGTHS, mixed, strict=True)
    ]
    for field in dataclasses.fields(sweep):
        assert np.array_equal(getattr(sweep, field.name), [getattr(single, field.name) for single in singles]), (
            field.name
        )


def test_copper_loses_by_the_root_of_its_resistivity_and_as_cabling_standards_correct_it() -> None:
    warm = np.array([20.0, 40.0, 60.0])
    ratio = temperature.conductor_loss_ratio(warm, reference=20.0)
    assert ratio == pytest.approx(np.sqrt(1 + 0.00393 * (warm - 20.0)))
    assert ratio == pytest.approx(1 + 0.002 * (warm - 20.0), abs=0.005)  # ANSI/TIA-568-C.2 6.4.7, screened pairs
    cable = SHIPPED["800g-dac"]
    assert isinstance(cable, ElectricalProduct)
    at_20, at_70 = (cable.field_margin_db(cable, Path(2.0, temperature=each))[0] for each in (20.0, 70.0))
    skin = (2 * 6.0 - 9.5) / (2 - np.sqrt(2))  # of the 6 dB/m at Nyquist, from 9.5 dB/m at twice that
    assert at_20 - at_70 == pytest.approx(2.0 * skin * (np.sqrt(1 + 0.00393 * 50) - 1))


def test_of_unlike_receivers_the_one_seen_in_the_cold_loses_more() -> None:
    near, far = unlike_ends()
    cold = far.model_copy(update={"field_temperature": far.field_temperature.map(lambda celsius: celsius - 20.0)})
    for ends in ((near, cold), (cold, near)):
        lost = ends[0].warmth_db(ends[1], Path(100.0, temperature=70.0))
        assert lost == pytest.approx(5 * np.log10((70 + 273.15) / (25 + 273.15)))


def test_the_range_of_a_link_is_what_both_ends_share() -> None:
    near, far = unlike_ends()
    hardy = far.model_copy(update={"temperature_low": None, "temperature_high": None})
    picky = far.model_copy(update={"temperature_low": far.temperature_low.map(lambda celsius: celsius + 15.0)})
    assert Pair(near, hardy).temperatures == Pair(hardy, near).temperatures == near.temperatures == (0.0, 70.0)
    assert Pair(near, picky).temperatures == (15.0, 70.0)
    with pytest.raises(ValueError, match="belong together"):
        type(near).model_validate(dict(near) | {"temperature_low": None})
    with pytest.raises(ValueError, match="is not below"):
        type(near).model_validate(dict(near) | {"temperature_low": "70 °C"})


@every
@mode
def test_a_required_margin_only_takes(product: LinkProduct, mode: str) -> None:
    easy, strict = (Pair(product, product).judge(paths(), mode=mode, required_db=db) for db in (0.0, 1.0))
    assert np.allclose(easy.deciding_db - strict.deciding_db, 1.0)
    assert np.all(strict.closes <= easy.closes)


@every
def test_lines_add_up_to_the_margin(product: LinkProduct) -> None:
    path = paths(switches_maximum_db=2.0 if product.passes_circuits else 0.0)
    total = sum(np.asarray(term.db) for term in product.terms(product, path))
    verdict = Pair(product, product).judge(path, mode="spec_min", required_db=0.0)
    assert np.allclose(total, verdict.margin_spec_db)
    if isinstance(product, OpticalProduct) and product.levels:
        loss = product.glass_loss_db(path) + product.connectors_loss_db(path) + path.switches_maximum_db
        if isinstance(product, Bidirectional):
            loss += 2 * product.circulator_loss.value + product.reflection_db(path)
        identity = budget.margin_db(
            launch_dbm=product.levels.launch_dbm,
            channel_loss_db=loss,
            sensitivity_dbm=product.levels.sensitivity_dbm,
            reflection_penalty_db=product.levels.reflection_penalty_db,
        )
        assert np.allclose(total, identity)


@every
@mode
def test_a_sweep_equals_single_links(product: LinkProduct, mode: str) -> None:
    pair = Pair(product, product)
    connectors = np.where(LENGTHS > 100.0, CLAUSE_PLANT, 4.0)
    sweep = pair.judge(paths(connectors=connectors), mode=mode, required_db=0.5)
    singles = [
        pair.judge(Path(float(length), float(count)), mode=mode, required_db=0.5)
        for length, count in zip(LENGTHS, connectors, strict=True)
    ]
    for field in dataclasses.fields(sweep):
        assert np.array_equal(getattr(sweep, field.name), [getattr(single, field.name) for single in singles]), (
            field.name
        )


@every
def test_parts_as_they_come_are_no_worse_than_guaranteed(product: LinkProduct) -> None:
    path = paths(switches_typical_db=1.5, switches_maximum_db=2.0) if product.passes_circuits else paths()
    verdict = Pair(product, product).judge(path, mode="spec_min", required_db=0.0)
    assert np.all(verdict.margin_mean_db >= verdict.margin_spec_db)
    if seen_in_the_field(product):
        assert np.all(verdict.margin_mean_db > verdict.margin_spec_db)


@every
def test_every_end_understands_itself(product: LinkProduct) -> None:
    assert product.joins(product)


def test_joining_is_mutual() -> None:
    assert all(near.joins(far) == far.joins(near) for near in EVERY for far in EVERY)


def unlike_ends() -> tuple[OpticalProduct, OpticalProduct]:
    """Two optical ends that join and differ in every figure of their budget."""
    near, _, far = (product for product in SPECIMENS if product.kind == "direct-detection")
    assert isinstance(near, OpticalProduct)
    assert isinstance(far, OpticalProduct)
    typical = {"field_margin": far.field_margin.map(lambda db: db - 0.4), "field_sigma": far.field_sigma.scaled(0.5)}
    return near, far.model_copy(update={"interface": near.interface, **typical})


def test_the_worse_direction_decides() -> None:
    near, far = unlike_ends()
    path = paths()
    loss = near.glass_loss_db(path) + near.connectors_loss_db(path)
    forth, back = (
        budget.margin_db(
            launch_dbm=sender.launch.value,
            channel_loss_db=loss,
            sensitivity_dbm=receiver.sensitivity_dbm,
            reflection_penalty_db=max(near.reflection_penalty.value, far.reflection_penalty.value),
        )
        for sender, receiver in ((near, far), (far, near))
    )
    assert np.all(forth > back)
    for ends in ((near, far), (far, near)):
        assert np.allclose(Pair(*ends).judge(path, mode="spec_min", required_db=0.0).margin_spec_db, back)


def test_of_unlike_ends_the_lower_mean_and_the_wider_spread_count() -> None:
    near, far = unlike_ends()
    for ends in ((near, far), (far, near)):
        mean, sigma = ends[0].field_margin_db(ends[1], Path(near.field_length.value, 4.0))
        assert mean == pytest.approx(far.field_margin.value)
        assert sigma == pytest.approx(near.field_sigma.value)


def test_spreads_of_independent_parts_add_as_squares() -> None:
    near, _ = unlike_ends()
    _, sigma = near.field_margin_db(near, Path(100.0, 4.0 + 3.0, 1.5, 2.0, 0.2))
    assert sigma**2 == pytest.approx(near.field_sigma.value**2 + 3 * near.connector_sigma.value**2 + 0.2**2)
    _, fewer = near.field_margin_db(near, Path(100.0, 1.0))
    assert fewer == pytest.approx(near.field_sigma.value)


@every
def test_as_parts_come_a_class_closes_when_its_worst_hundredth_does(product: LinkProduct) -> None:
    reach = min(2 * product.reach, 20.0 if product.medium != "fibre" else np.inf)
    fine = np.full(400, 50.0) if product.passes_circuits else np.linspace(0.0, reach, 400)
    typical = np.linspace(0.0, 12.0, 400) if product.passes_circuits else np.zeros(400)
    path = Path(fine, np.full(400, 4.0), typical, typical)
    verdict = Pair(product, product).judge(path, mode="distribution", required_db=0.0)
    assert verdict.closes.any()
    assert not verdict.closes.all()
    assert np.array_equal(verdict.closes, verdict.closes_share >= 0.99)


def test_a_transmitter_too_strong_overloads_a_short_link_only() -> None:
    plain, _ = unlike_ends()
    strong = plain.model_copy(update={"oma_maximum": plain.oma_maximum.map(lambda dbm: dbm + 3.0)})
    bare, lossy = paths(connectors=2.0), paths(switches_typical_db=2.0, switches_maximum_db=3.5)
    for ends in ((strong, strong), (strong, plain), (plain, strong)):
        assert not Pair(*ends).judge(bare, mode="spec_min", required_db=0.0).closes.any()
        assert np.all(np.asarray(ends[0].overload_headroom_db(ends[1], lossy)) > 0)
    assert Pair(plain, plain).judge(bare, mode="spec_min", required_db=0.0).closes[0]


def test_a_coherent_transmitter_too_strong_overloads_a_short_link_only() -> None:
    plain = SHIPPED["400zr"]
    strong = plain.model_copy(update={"transmit_power_maximum": plain.transmit_power_maximum.map(lambda dbm: dbm + 9)})
    for ends in ((strong, strong), (strong, plain), (plain, strong)):
        short, long = (Pair(*ends).judge(Path(far, 2.0), mode="spec_min", required_db=0.0) for far in (10.0, 20e3))
        assert short.headroom_db == pytest.approx(-9 + 6 + 0.7, abs=0.01)
        assert not short.closes
        assert long.closes
    with pytest.raises(ValueError, match="receive_power missing: state all of"):
        type(plain).model_validate(dict(plain) | {"receive_power": None})


def test_of_unlike_coherent_ends_the_worse_direction_decides() -> None:
    near = SHIPPED["400zr"]
    far = near.model_copy(update={"transmit_power": near.transmit_power.map(lambda dbm: dbm - 1.5)})
    for ends in ((near, far), (far, near)):
        weak, plain = (Pair(*pair).judge(paths(), mode="spec_min", required_db=0.0) for pair in (ends, (near, near)))
        assert np.allclose(weak.margin_spec_db, plain.margin_spec_db - 1.5)


@every
def test_nothing_is_free_instant_or_immortal(product: LinkProduct) -> None:
    amounts = Pair(product, product).amounts(LENGTHS)
    assert np.all(np.diff(amounts["latency"]) > 0)
    assert np.all(np.diff(amounts["price_medium_usd"]) >= 0)
    assert product.power.value > 0
    assert amounts["hard_fit"].min() > 0
    for name in ("watts_a", "watts_b", "price_a_usd", "price_b_usd"):
        added = amounts[name]
        assert np.all(added == 0.0) if product.part_of_node else np.all(added > 0.0)
    for name in ("watts_a", "watts_b", "price_a_usd", "price_b_usd", "price_medium_usd"):
        assert np.all(amounts[f"{name}_low"] <= amounts[name])
        assert np.all(amounts[name] <= amounts[f"{name}_high"])


@pytest.mark.parametrize("product", SHIPPED.values(), ids=SHIPPED)
def test_shipped_prices_that_are_no_list_carry_a_wide_band(product: LinkProduct) -> None:
    # Build cost and street price of optics lie two to four apart.
    if product.medium == "fibre":
        assert product.price.high / product.price.low >= 2.0


@pytest.mark.parametrize("product", SHIPPED.values(), ids=SHIPPED)
def test_shipped_figures_say_who_and_how(product: LinkProduct) -> None:
    for key, figure in figures_of(product):
        assert figure.source is not None, key
        assert figure.how or figure.sure in ("published", "measured"), key


OPTICAL = {name: product for name, product in SHIPPED.items() if isinstance(product, OpticalProduct)}
LEVELS = ("launch", "stressed_sensitivity", "stressed_eye_closure", "reflection_penalty", "oma_maximum", "overload")


@pytest.mark.parametrize("product", OPTICAL.values(), ids=OPTICAL)
def test_what_a_specification_allocates_closes_at_its_reach(product: OpticalProduct) -> None:
    verdict = Pair(product, product).judge(Path(product.reach, CLAUSE_PLANT), mode="spec_min", required_db=0.0)
    spent = product.reflection_db(Path(product.reach, CLAUSE_PLANT)) if isinstance(product, Bidirectional) else 0.0
    assert verdict.margin_spec_db + spent == pytest.approx(0.1 if product.name == "800g-sr8" else 0.0, abs=1e-9)


@pytest.mark.parametrize(
    "product",
    [each for each in OPTICAL.values() if each.levels and each.name != "800g-sr8"],
    ids=lambda each: each.name,
)
def test_levels_and_the_loss_they_allow_agree(product: OpticalProduct) -> None:
    bare = product.model_copy(update=dict.fromkeys(LEVELS))
    assert bare.closes_by_allocation
    path = paths(switches_maximum_db=1.0)
    stated, allowed = (sum(np.asarray(term.db) for term in each.terms(each, path)) for each in (product, bare))
    assert np.allclose(stated, allowed)
    assert bare.overload_headroom_db(bare, path) == np.inf
    assert any("not public" in each for each in bare.unknowns)


@pytest.mark.parametrize("missing", ["launch", "overload", "field_sigma"])
def test_figures_that_belong_together_are_stated_together(missing: str) -> None:
    whole = dict(OPTICAL["400g-dr4"])
    with pytest.raises(ValueError, match=f"{missing} missing: state all of"):
        type(OPTICAL["400g-dr4"]).model_validate(whole | {missing: None})


@every
def test_without_field_data_practice_is_no_harsher_than_the_guarantee(product: LinkProduct) -> None:
    if seen_in_the_field(product):
        return
    path = paths(switches_typical_db=1.2, switches_maximum_db=1.5, switches_sigma_db=0.1)
    spec, field = (
        Pair(product, product).judge(path, mode=each, required_db=0.0) for each in ("spec_min", "distribution")
    )
    assert np.all(spec.closes <= field.closes)


def test_every_optical_product_says_what_is_missing() -> None:
    silent = {name for name, product in OPTICAL.items() if not product.unknowns}
    assert silent == {name for name, each in OPTICAL.items() if not each.closes_by_allocation and each.field_margin}


def test_reflections_of_its_own_light_never_help_a_link_on_one_fibre() -> None:
    product = OPTICAL["800g-bidi"]
    assert isinstance(product, Bidirectional)
    through = {"length": 100.0, "switches_maximum_db": 1.5}
    unknown, fine, poor = (
        product.reflection_db(paths(**through, switches_reflectance=10 ** (-each / 10)))
        for each in (np.inf, 46.0, 38.0)
    )
    assert np.all(unknown > 0)
    assert np.all(unknown < fine)
    assert np.all(fine < poor)
    mirrored = Pair(product, product).judge(paths(switches_reflectance=1.0), mode="spec_min", required_db=0.0)
    assert np.all(mirrored.margin_spec_db < -20.0)
    assert not mirrored.closes.any()


@pytest.mark.parametrize("return_loss", [30.0, 46.0, np.inf])
def test_the_longest_length_is_where_the_margin_is_used_up(return_loss: float) -> None:
    path = paths(switches_maximum_db=1.0, switches_typical_db=1.0, switches_reflectance=10 ** (-return_loss / 10))
    for product in (OPTICAL["800g-bidi"], OPTICAL["400g-dr4"], OPTICAL["400g-fr4"]):
        far = product.model_copy(update={"specified_reach": product.specified_reach.scaled(1e3)})
        pair = Pair(far, far)
        longest = longest_length(pair, path, mode="spec_min", required_db=0.0)
        there = pair.judge(dataclasses.replace(path, length=longest), mode="spec_min", required_db=0.0)
        assert np.all((longest == 0.0) | (np.abs(there.margin_spec_db) < 1e-6))


def test_failures_of_both_ends_add() -> None:
    a, b = SHIPPED["400g-dr4"], SHIPPED["400g-cpo"]
    table = choose([LinkRequest(50.0, 400e9, 7, (a.name,), (b.name,))], LinkPolicy(), SHIPPED)
    assert table.hard_fit[0] == a.hard_fit.value + b.hard_fit.value
    assert table.flap_fit[0] == a.flap_fit.value + b.flap_fit.value
    assert (table.watts_a[0], table.watts_b[0]) == (a.power.value, b.power.value)
    assert table.boundary[0].startswith("a: module")
    assert "laser module" in table.shared_fate[0]


def test_bit_errors_and_margin_are_inverse_and_fall_together() -> None:
    margins = np.linspace(-1.0, 3.0, 41)
    bits = errors.bit_error_ratio_at(margins, threshold=2.4e-4)
    assert np.allclose(errors.margin_at(bits, threshold=2.4e-4), margins, atol=1e-9)
    assert np.all(np.diff(bits) < 0)
    assert np.all(np.diff(fec.codeword_error_ratio(bits)) < 0)


def test_share_that_closes_is_one_half_at_nought_and_its_worst_hundredth_lies_at_the_percentile() -> None:
    assert spread.closing_share(0.0, 0.3) == pytest.approx(0.5)
    worst = spread.percentile_db(2.9, 0.39, share=0.01)
    assert spread.closing_share(2.9 - worst, 0.39) == pytest.approx(0.99)
    assert spread.closing_share(np.array([-1.0, 0.0, 1.0]), 0.0).tolist() == [0.0, 1.0, 1.0]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"length": -1.0}, "length: -1 makes no sense"),
        ({"length": float("nan")}, "length: nan makes no sense"),
        ({"rate_bps": 0.0}, "rate: 0 makes no sense"),
        ({"count": -2}, "count: -2 makes no sense"),
        ({"connectors": -1}, "connectors: -1 makes no sense"),
        ({"extra_loss_db": -0.5}, "extra_loss: -0.5 makes no sense"),
        ({"circuit_switches": (CircuitSwitchPass(2.0, 1.5),)}, "through: a pass of typically 2 dB"),
        ({"a": ("400g-dr5",)}, "no link product is called '400g-dr5'; did you mean '400g-dr4'"),
        ({"b": ()}, "b: no product is allowed"),
        ({"temperature": -300.0}, "temperature: -300 °C makes no sense; a temperature lies between -60 and 200 °C"),
        ({"temperature": float("nan")}, "temperature: nan °C makes no sense"),
        ({"rate_bps": 200e9}, "none has exactly 200 Gb/s"),
        ({"rate_bps": 600e9}, "no known product has that rate; the nearest are 400 Gb/s and 800 Gb/s"),
        ({"b": ("400g-fr4",)}, "do not join; what joins the lower end: 400g-cpo, 400g-dr4, 400g-dr4-lpo"),
        ({"where": "fabric.links", "length": -1.0}, "fabric.links.length: -1"),
    ],
)
def test_requests_that_make_no_sense_are_refused_with_a_remedy(change: dict[str, object], expected: str) -> None:
    request = dataclasses.replace(LinkRequest(2.0, 400e9, 1, ("400g-dr4",), ("400g-dr4",)), **change)
    with pytest.raises(StudyError, match=expected.replace("(", r"\(")):
        choose([request], LinkPolicy(), SHIPPED)


def test_faults_come_all_at_once() -> None:
    wrong = [LinkRequest(-1.0, 400e9, 1, ("dac",), ("dac",)), LinkRequest(1.0, 1e9, 1, ("400g-dac",), ("400g-dac",))]
    with pytest.raises(StudyError) as caught:
        choose(wrong, LinkPolicy(margin_db=float("inf")), SHIPPED)
    assert {fault.key for fault in caught.value.faults} == {"length", "a", "b", "margin"}


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (
            LinkRequest(5.0, 400e9, 1, ("400g-dac",), ("400g-dac",)),
            "400g-dac reaches 2 m here and this link is 3 m longer .*; 400g-aec would close",
        ),
        (
            LinkRequest(5e3, 400e9, 1, ("400g-dac", "400g-fr4"), ("400g-dac", "400g-fr4")),
            "400g-fr4 is specified to 2000 m and this link is 3000 m longer; 400g-lr4 would close",
        ),
        (
            LinkRequest(5e4, 400e9, 1, ("400g-dac", "400g-fr4"), ("400g-dac", "400g-fr4")),
            "400g-fr4 is specified to 2000 m and this link is 48 km longer; no known product",
        ),
        (  # both have the light for 3 km; the one specified further is the nearer miss
            LinkRequest(3e3, 400e9, 1, ("400g-dr4", "400g-fr4"), ("400g-dr4", "400g-fr4")),
            "400g-fr4 is specified to 2000 m and this link is 1000 m longer",
        ),
        (
            LinkRequest(200.0, 400e9, 1, ("400g-dr4",), ("400g-dr4",), 4, (CircuitSwitchPass(1.5, 2.0),)),
            "misses by 0.48 dB at 200 m and closes at none; 400g-fr4 would close with 0.52 dB",
        ),
        (
            LinkRequest(1.0, 400e9, 1, ("400g-dac",), ("400g-dac",), 4, (CircuitSwitchPass(1.5, 2.0),)),
            "is copper and passes no circuit switch",
        ),
        (
            LinkRequest(20.0, 800e9, 1, ("800g-sr8",), ("800g-sr8",), 4, (CircuitSwitchPass(1.5, 2.0),)),
            "800g-sr8 is multimode fibre and passes no circuit switch",
        ),
        (
            LinkRequest(20.0, 800e9, 1, ("800g-aoc",), ("800g-aoc",), 4, (CircuitSwitchPass(1.5, 2.0),)),
            "800g-aoc is a cable with its ends fixed and passes no circuit switch",
        ),
        (
            LinkRequest(2.0, 400e9, 1, ("400g-dac",), ("400g-dac",), temperature=85.0),
            "70 °C and this link is at 85 °C; 400g-cpo, for which no range of temperatures is published, would close",
        ),
        (LinkRequest(20.0, 3.6e12, 1, ("nvlink4",), ("nvlink4",)), "scale-up-optical, announced only, would close"),
    ],
)  # fmt: skip
def test_a_link_that_does_not_close_says_by_how_much_and_what_would(request_: LinkRequest, expected: str) -> None:
    table = choose([request_], LinkPolicy(), SHIPPED)
    assert not table.closes[0]
    assert re.search(expected, table.reason[0]), table.reason[0]


@pytest.mark.parametrize(
    ("length", "rate", "allow", "expected"),
    [
        (5.0, 400e9, ("dac", "dr4"), "; 400g-dr4 would close"),
        (5.0, 400e9, ("dac", "400g-dr4"), "; 400g-dr4 would close"),
        (5.0, 400e9, ("dac",), "; no allowed product of this rate would close"),
        (5.0, 400e9, ("800g-dr8",), "; no other product of this rate is allowed"),
        (5.0, 400e9, (), "; 400g-aec would close"),
    ],
)
def test_only_what_a_study_allows_is_proposed(
    length: float, rate: float, allow: tuple[str, ...], expected: str
) -> None:
    table = choose([LinkRequest(length, rate, 1, ("400g-dac",), ("400g-dac",))], LinkPolicy(allow=allow), SHIPPED)
    assert expected in table.reason[0]


def test_what_is_only_announced_is_proposed_marked_and_after_what_is_sold() -> None:
    requests = [LinkRequest(length, 800e9, 1, ("800g-dac",), ("800g-dac",)) for length in (5.0, 60.0, 300.0, 5e3)]
    assert not any("announced" in reason for reason in choose(requests, LinkPolicy(), SHIPPED).reason)
    with pytest.raises(StudyError, match=r"800g-lr4 \(announced\)"):
        choose([LinkRequest(5.0, 800e9, 1, ("400g-dac",), ("400g-dac",))], LinkPolicy(), SHIPPED)


def test_a_refused_rate_is_answered_with_what_is_allowed() -> None:
    request = LinkRequest(5.0, 800e9, 1, ("400g-dac",), ("400g-dac",))
    for allow, hint in (
        (("dr8", "dac"), "products of that rate: 800g-dac, 800g-dr8"),
        (("lpo",), "no allowed product"),
    ):
        with pytest.raises(StudyError) as caught:
            choose([request], LinkPolicy(allow=allow), SHIPPED)
        assert caught.value.faults[0].hint.startswith(hint)


def test_a_table_cannot_be_changed() -> None:
    table = choose([LinkRequest(1.0, 400e9, 3, ("400g-dac",), ("400g-dac",))], LinkPolicy(), SHIPPED)
    for field in dataclasses.fields(table):
        column = getattr(table, field.name)
        assert len(column) == len(table) == 1
        assert isinstance(column, tuple) or not column.flags.writeable


@pytest.mark.parametrize("name", SHIPPED)
def test_report_is_plain_json_and_its_rows_add_up(name: str) -> None:
    report = link_report(SHIPPED, name, length=1.0)
    json.dumps(report, allow_nan=False)
    assert sum(row["db"] for row in report["rows"]) == pytest.approx(report["spec_min"]["margin_db"])
    assert report["watts"]["boundary"]
    assert {"pre_fec_ber", "frame_loss", "latency_s", "usd", "failures", "alternatives"} <= set(report)
