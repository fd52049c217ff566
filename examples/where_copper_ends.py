"""Where does copper end? The longest cable of each product whose budget closes, of some lengths one can buy."""

import numpy as np

from lightloom.catalog import loading, products
from lightloom.photonics.links import LinkPolicy, LinkRequest, choose

LENGTHS = (0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.0, 10.0, 30.0, 100.0, 500.0, 1000.0, 2000.0)


def main() -> None:
    """Print one line a product, shortest first."""
    known = {name: products.link(name) for name in loading.names("links")}
    sold = [name for name, product in known.items() if not product.part_of_node]
    # Every product at every length is one question: a link alone is a batch of one.
    asked = [LinkRequest(length, known[name].rate.value, 1, (name,), (name,)) for name in sold for length in LENGTHS]
    closes = choose(asked, LinkPolicy(), known).closes.reshape(len(sold), len(LENGTHS))
    reaches = dict(zip(sold, np.max(closes * LENGTHS, axis=-1).tolist(), strict=True))
    for name, longest in sorted(reaches.items(), key=lambda entry: entry[1]):
        product = known[name]
        per_lane = product.rate.value / product.lanes.value / 1e9
        print(f"{name:<20} {product.medium:<7} {per_lane:5.0f} Gb/s a lane  closes up to {longest:5.1f} m")


if __name__ == "__main__":
    main()
