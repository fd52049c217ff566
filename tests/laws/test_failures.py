"""What fails, what goes with it, and what the job feels of it: over every product, every transport, on built fabrics.

Protects: parts share out all of a rate and no more; what fails as one stops the job once; a flap's price is its
transport's; bands of failure rates reach goodput; an outage is that of the receivers at the circuit's ends; frames sent
again take bandwidth. Source: the definitions in ``photonics.parts``, ``fabric.transport`` and ``accounts.failures``.
"""

from dataclasses import replace

import numpy as np
import pytest

from lightloom.accounts.bill import JobShare
from lightloom.accounts.defaults import failure_profile
from lightloom.accounts.failures import causes, failure_levers, stop_rate
from lightloom.catalog import loading, products
from lightloom.core.errors import StudyError
from lightloom.fabric.build import build
from lightloom.fabric.fabric import ClusterShape
from lightloom.fabric.spec import FabricSpec
from lightloom.fabric.transport import carried_share, resent_frames
from lightloom.photonics.kinds import LINK_KINDS
from lightloom.photonics.links import LinkPolicy, LinkRequest, choose
from lightloom.photonics.parts import failure_report, fates, flap_parts, hard_parts
from lightloom.study.load import load

SHIPPED = {name: products.link(name) for name in loading.names("links")}
EVERY = [*(specimen for kind in LINK_KINDS.values() for specimen in kind.specimens()), *SHIPPED.values()]
PARTS = products.link_parts()
PROFILE = failure_profile("llama3-54-days")
SHARE = JobShare(1024, 64, 2048, 8)

every = pytest.mark.parametrize("product", EVERY, ids=lambda product: f"{product.kind}:{product.name}")


@every
def test_parts_share_out_every_failure(product):
    found = hard_parts(product, PARTS)
    assert sum(part.share for part in found) == pytest.approx(1.0)
    assert sum(share for _, share in flap_parts(product, PARTS)) == pytest.approx(1.0)
    assert all(part.share > 0 and part.ports >= 1 for part in found)
    together = fates(product, product, PARTS)
    assert sum(fate.share for fate in together) == pytest.approx(1.0)
    assert len({(fate.ports, fate.attendant) for fate in together}) == len(together)
    report = failure_report(product, product, PARTS)
    assert sum(row["fit"] for row in report["hard_parts"]) == pytest.approx(2 * product.hard_fit.value)
    assert sum(row["fit"] for row in report["flap_parts"]) == pytest.approx(2 * product.flap_fit.value)


@every
def test_only_what_shares_a_laser_or_an_engine_fails_together(product):
    found = hard_parts(product, PARTS)
    assert product.electronics.fixed == bool(product.shared_fate)
    assert {part.attendant for part in found} <= ({"end", "laser module", "box"} if product.shared_fate else {"end"})
    assert all(part.ports == 1.0 for part in found if part.attendant == "end")
    assert not product.shared_fate or {"laser module", "box"} <= {part.attendant for part in found}


def test_dirt_is_most_of_what_is_swapped_and_never_more_than_was_counted():
    for name in ("400g-dr4", "400g-dr4-lpo", "800g-dr8"):
        dirt = next(part for part in hard_parts(SHIPPED[name], PARTS) if "connectors" in part.part)
        assert 0.8 < dirt.share <= PARTS.contaminated_share.value
    engine = {part.part: part for part in hard_parts(SHIPPED["800g-cpo"], PARTS)}
    assert engine["laser"].ports == SHIPPED["800g-cpo"].ports_per_laser.value
    assert engine["driver"].attendant == "box"
    assert "retimer" not in engine


def test_a_dsp_brings_flaps():
    own = {name: dict(flap_parts(SHIPPED[name], PARTS)) for name in ("400g-dr4", "400g-dr4-lpo")}
    retimed, linear = (SHIPPED[name].flap_fit.value for name in own)
    assert retimed * own["400g-dr4"]["light, connectors and host"] == pytest.approx(linear, rel=0.02)
    assert len(own["400g-dr4-lpo"]) == 1


def scale_out(**changes):
    section = {
        "topology": "clos", "levels": 2, "switch": "tomahawk-4",
        "links": {"host": "dac", "leaf": "400g-dr4"}, "transport": "roce",
    }  # fmt: skip
    return section | changes


def built(**changes):
    scale_up = {"topology": "switched", "domain": 8, "link": "nvlink4"}
    shape = ClusterShape(2048, 8, 8, 50e9, 450e9)
    return build(FabricSpec.model_validate({"scale_up": scale_up, "scale_out": scale_out(**changes)}), shape)


def stops(fabric, share=SHARE):
    return causes(fabric, PROFILE, share, links=SHIPPED, parts=PARTS)


def network(listed):
    return tuple(cause for cause in listed if "links" in cause.group or "switches" in cause.group)


@pytest.mark.parametrize("name", loading.names("transports"))
def test_a_flap_costs_what_the_fabrics_transport_says(name):
    fabric = built(transport=name)
    flaps = next(cause for cause in stops(fabric) if "leaf links (400g-dr4), flaps" in cause.item)
    product = products.transport(name)
    assert flaps.felt.chance == fabric.transport.lost_per_flap == product.lost_per_flap
    assert flaps.chance() == pytest.approx(product.lost_per_flap.value)
    assert name in flaps.felt.key


def test_a_study_may_say_what_a_flap_costs():
    fabric = built(transport={"kind": "roce", "job_lost_per_flap": "50 %"})
    assert fabric.transport.lost_per_flap.value == 0.5
    assert stop_rate(network(stops(fabric))) > 5 * stop_rate(network(stops(built())))


def test_spraying_over_planes_outlives_flaps_and_host_links():
    plain, spraying = stops(built()), stops(built(transport="mrc"))
    halves = {"planes": 2, "links": {"host": "auto", "leaf": "auto"}}
    planes, single_path = stops(built(transport="mrc", **halves)), stops(built(transport="roce", **halves))
    assert stop_rate(network(spraying)) < stop_rate(network(plain))
    hosts = [cause for cause in planes if "host links" in cause.item and "hard" in cause.item]
    assert hosts
    assert all(cause.away is None and cause.chance() < 0.01 for cause in hosts)
    assert all(
        cause.away is not None and cause.chance() == 1.0
        for cause in (*spraying, *single_path)
        if "host links" in cause.item and "hard" in cause.item
    )


def test_what_fails_as_one_stops_the_job_once():
    fabric = built(links={"host": {"a": "400g-dr4", "b": "400g-cpo"}, "leaf": "400g-cpo"})
    table = fabric.cables.table
    hosts = [cause for cause in stops(fabric) if "host links" in cause.item and "hard" in cause.item]
    assert {cause.together for cause in hosts} > {1.0}
    row = fabric.cables.rows("scale_out", "host")[0]
    ports = table.count[row] * SHARE.billed * table.hard_fit[row]
    assert sum(cause.count * cause.fit.value * cause.weight * cause.together for cause in hosts) == pytest.approx(ports)
    by_port = ports * 1e-9 / 3600
    assert stop_rate(tuple(hosts)) < by_port
    upper = [cause for cause in stops(fabric) if "leaf links" in cause.item and "hard" in cause.item]
    each = PROFILE.lost_per_flap.value
    for cause in upper:
        assert cause.chance() == pytest.approx(1 - (1 - each) ** cause.together)
    assert max(cause.chance() for cause in upper) > 5 * each


def test_an_engine_takes_the_nodes_of_its_switch_with_it():
    fabric = built(links={"host": {"a": "400g-dr4", "b": "400g-cpo"}, "leaf": "400g-cpo"})
    away = {cause.away.key: cause.away for cause in stops(fabric) if cause.away}
    leaf = next(level for level in fabric.levels if level.name == "leaf")
    accelerators = np.bincount(leaf.block).max()
    assert away["repair box"].nodes == pytest.approx(accelerators / 8)
    assert away["repair laser module"].nodes == SHIPPED["400g-cpo"].ports_per_laser.value
    assert away["repair end"].nodes == 1.0
    assert away["repair box"].repair.value > away["repair end"].repair.value
    assert {"repair box", "repair end", "repair"} <= {
        lever.key for lever in failure_levers(stops(fabric), repairs=True)
    }
    assert "repair box" not in {lever.key for lever in failure_levers(stops(fabric))}


def test_bands_of_failure_rates_reach_the_rate_of_stops():
    listed = stops(built())
    levers = {lever.key: lever for lever in failure_levers(listed)}
    for key in ("hard_fit 400g-dr4", "hard_fit 400g-dac", "flap_fit 400g-dac", "lost_per_flap roce"):
        low, mid, high = (stop_rate(listed, {key: sign}) for sign in (-1, 0, 1))
        assert low < mid < high, key
        assert levers[key].figure.low < levers[key].figure.high
    table = built().cables.table
    row = next(row for row in range(len(table)) if table.a[row] == "400g-dac")
    figure = SHIPPED["400g-dac"].flap_fit
    assert (table.flap_fit_low[row], table.flap_fit[row], table.flap_fit_high[row]) == (
        2 * figure.low, 2 * figure.value, 2 * figure.high,
    )  # fmt: skip


def test_one_product_errs_alike_on_every_level():
    listed = [cause for cause in stops(built(links={"host": "400g-dr4", "leaf": "400g-dr4"})) if cause.together == 1.0]
    keys = [cause.key for cause in listed if "flaps" in cause.item]
    assert keys == ["flap_fit 400g-dr4"] * 2


def circuits(**core):
    section = scale_out(
        levels=2, core={"kind": "circuit", "switch": "palomar"} | core,
        links={"host": "dac", "leaf": "400g-fr4"}, link_policy={"mode": "distribution"},
    )  # fmt: skip
    return built(**section).circuit_space


def test_an_outage_is_that_of_the_receivers_at_its_ends():
    mirrors = products.circuit_switch("palomar")
    by_module = circuits()
    assert by_module.outage_s("fixed-fec") == pytest.approx(
        mirrors.control_time.value + mirrors.switching_time.value + products.receiver("retimed").receiver_lock.value
    )
    assert [regime for regime, _ in by_module.outage] == ["fixed-fec", "module-init", "operator"]
    burst = circuits(receiver="burst-mode")
    assert [regime for regime, _ in burst.outage] == ["fixed-fec"]
    assert burst.outage_s("fixed-fec") < by_module.outage_s("fixed-fec")
    assert {seconds for _, seconds in circuits(outage="3 ms").outage} == {3e-3}


def test_names_nobody_knows_are_refused_with_the_nearest():
    for change, name in (({"transport": "rocee"}, "roce"), ({"core": {"receiver": "retimd"}}, "retimed")):
        key, value = next(iter(change.items()))
        dotted = (
            {f"fabric.scale_out.{key}": value}
            if isinstance(value, str)
            else {f"fabric.scale_out.{key}.receiver": value["receiver"]}
        )
        with pytest.raises(StudyError) as refused:
            load("llama3-405b-16k").replace(dotted)
        assert f"'{name}'" in str(refused.value)


def weak(margin_db):
    """Links whose worst in a hundred has this margin and that the policy lets pass."""
    requests = [LinkRequest(100.0, 400e9, 10, ("400g-dr4",), ("400g-dr4",))]
    table = choose(requests, LinkPolicy("distribution", -20.0), SHIPPED)
    worst = table.margin_mean_db - 2.3263 * table.margin_sigma_db
    return replace(table, margin_mean_db=table.margin_mean_db - worst + margin_db)


def carried(margin_db, transport):
    return carried_share(weak(margin_db), np.array([0]), SHIPPED, transport, 10e-6)


def test_frames_sent_again_take_bandwidth_and_more_so_from_end_to_end():
    roce, infiniband, mrc = (products.transport(name) for name in ("roce", "infiniband", "mrc"))
    assert carried(0.6, roce) == 1.0
    shares = [carried(margin, roce) for margin in (0.3, 0.0, -0.3, -0.5, -0.8)]
    assert shares == sorted(shares, reverse=True)
    assert shares[1] > 1 - 1e-9
    assert shares[-1] < 0.5
    for margin in (-0.5, -0.8):
        assert carried(margin, roce) < carried(margin, infiniband) < carried(margin, mrc)
        assert carried(margin, infiniband) < 1.0
    assert 0 < carried(-0.5, None) < 1
    assert resent_frames(roce, 1e-6, 10e-6, 50e9, 4096) > resent_frames(infiniband, 1e-6, 10e-6, 50e9, 4096) > 1
    assert resent_frames(mrc, 1e-6, 10e-6, 50e9, 4096) == 1.0


def test_links_that_do_not_close_say_so_and_slow_nothing():
    table = weak(-3.0)
    shut = replace(table, closes=np.zeros(1, np.bool_))
    assert carried_share(shut, np.array([0]), SHIPPED, products.transport("roce"), 10e-6) == 1.0
    assert carried_share(shut, np.array([], np.int64), SHIPPED, None, 10e-6) == 1.0
