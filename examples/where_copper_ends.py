"""Where does copper end? The longest cable of each product whose budget closes, of some lengths one can buy."""

from lightloom.catalog import loading, products
from lightloom.photonics.link_report import link_report

LENGTHS = (0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.0, 10.0, 30.0, 100.0, 500.0, 1000.0, 2000.0)


def main() -> None:
    """Print one line a product, shortest first."""
    known = {name: products.link(name) for name in loading.names("links")}
    reaches = {name: reach(name, known) for name, product in known.items() if not product.part_of_node}
    for name, longest in sorted(reaches.items(), key=lambda entry: entry[1]):
        product = known[name]
        per_lane = product.rate.value / product.lanes.value / 1e9
        print(f"{name:<20} {product.medium:<7} {per_lane:5.0f} Gb/s a lane  closes up to {longest:5.1f} m")


def reach(name: str, known: dict) -> float:
    """Return the longest of the lengths that closes at guaranteed limits, m; 0 if none does."""
    closing = (length for length in reversed(LENGTHS) if link_report(known, name, length=length)["closes"])
    return next(closing, 0.0)


if __name__ == "__main__":
    main()
