"""A short word of a study, such as ``dac``, finds the product of the rate at hand.

Protects: names of products begin with their rate, in gigabits below a terabit (``400g-dac``) and in terabits above
(``1.6t-dac``), so that one word serves every rate; a word of another rate alone is no fault of the list it stands in.
"""

import pytest

from lightloom.catalog.loading import names
from lightloom.catalog.products import link
from lightloom.fabric.links import LinkPolicySpec
from lightloom.fabric.shelf import Shelf

PRODUCTS = {name: link(name) for name in names("links")}


def shelf(*allow: str) -> Shelf:
    return Shelf(PRODUCTS, LinkPolicySpec(allow=allow), "scale_out")


@pytest.mark.parametrize(
    ("word", "rate_bps", "name"),
    [
        ("dac", 100e9, "100g-dac"),
        ("dac", 400e9, "400g-dac"),
        ("dac", 1.6e12, "1.6t-dac"),
        ("dac", 3.2e12, "3.2t-dac"),
        ("dr8", 800e9, "800g-dr8"),
        ("dr8", 1.6e12, "1.6t-dr8"),
        ("npo", 6.4e12, "6.4t-npo"),
        ("400g-dr4", 400e9, "400g-dr4"),
    ],
)
def test_a_word_without_a_rate_means_that_of_the_link(word: str, rate_bps: float, name: str) -> None:
    assert shelf().allowed(word, "links.host.a", rate_bps) == ((name,), [])
    assert shelf(word, "dr4").allowed("auto", "links.host.a", rate_bps)[0][:1] == (name,)


def test_every_product_that_has_its_rate_in_its_name_is_found_by_the_rest() -> None:
    for name, product in PRODUCTS.items():
        rate, dash, word = name.partition("-")
        if dash and rate[:-1].replace(".", "").isdigit():
            assert shelf().allowed(word, "links.host.a", product.rate.value) == ((name,), [])


def test_a_word_of_other_rates_alone_is_no_fault_of_the_list() -> None:
    assert shelf("dr8").allowed("auto", "links.host.a", 100e9) == ((), [])
    found, faults = shelf("dacc").allowed("auto", "links.host.a", 1.6e12)
    assert found == ()
    assert [(fault.key, "dac" in fault.hint) for fault in faults] == [("scale_out.link_policy.allow.0", True)]
