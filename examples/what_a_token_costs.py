"""What moves the price of a token? One study, three changes, each an immutable scenario of its own."""

import lightloom as ll

CHANGES = {
    "as written": {},
    "electricity at 0.15 USD/kWh": {"operation.electricity": "0.15 USD/kWh"},
    "hardware kept 6 years": {"operation.lifetime": "6 years"},
    "leaves oversubscribed 2:1": {"fabric.scale_out.oversubscription": 2},
}


def main() -> None:
    """Print dollars per million tokens with their band, and the change from the first."""
    base = ll.load("qwen3-235b-256")
    first = None
    for name, change in CHANGES.items():
        price = ll.evaluate(base.replace(change)).to_dict()["cost"]["usd_per_million_tokens"]
        first = first or price["mid"]
        band = f"({price['low']:.3f} … {price['high']:.3f})"
        print(f"{name:<32}{price['mid']:.3f} USD {band}  {price['mid'] / first - 1:+6.1%}")


if __name__ == "__main__":
    main()
