"""What a word of a study stands for among link products: a name, the same without its rate, or ``auto``."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lightloom.core.errors import Fault, nearest
from lightloom.fabric.links import AUTO, LinkEnds, LinkPolicySpec
from lightloom.photonics.product import LinkProduct
from lightloom.photonics.request import LinkPolicy


@dataclass(frozen=True, slots=True)
class Shelf:
    """Link products, and what a study says of them.

    Args:
        products: Every link product by name.
        policy: What ``auto`` chooses among.
        section: Key of the topology in the study, for faults.
    """

    products: Mapping[str, LinkProduct]
    policy: LinkPolicySpec
    section: str

    def allowed(self, word: str, key: str, rate_bps: float) -> tuple[tuple[str, ...], list[Fault]]:
        """Return the products a word of the study stands for at a rate."""
        if word != AUTO:
            name = self._named(word, rate_bps)
            if name:
                return (name,), []
            return (), [Fault(f"{self.section}.{key}", f"no link product is called '{word}'", self._hint(word))]
        words = self.policy.allow
        if not words:
            rated = [name for name, product in self.products.items() if _pluggable(product, rate_bps)]
            return tuple(sorted(rated)), [] if rated else [self._unsold(key, rate_bps)]
        found: list[str] = []
        faults: list[Fault] = []
        for position, allowed in enumerate(words):
            name = self._named(allowed, rate_bps)
            if name:
                found.append(name)
            elif not any(known.endswith((f"g-{allowed}", f"t-{allowed}")) for known in self.products):
                where = f"{self.section}.link_policy.allow.{position}"
                faults.append(Fault(where, f"no link product is called '{allowed}'", self._hint(allowed)))
        return tuple(dict.fromkeys(found)), faults

    def beside_card(
        self, words: LinkEnds, a: tuple[str, ...], key: str, closes: Callable[[str, str], bool]
    ) -> list[Fault]:
        """Refuse at a network card what is built in beside a chip.

        Args:
            words: The study's, of both ends.
            a: What the word of the lower end stands for.
            key: Of the level's links in the topology's section.
            closes: Whether the level's cables close with a product at the lower end and one at the upper.
        """
        built_in = [name for name in a if self.products[name].sits != "module"]
        if not built_in:
            return []
        message = f"{built_in[0]} is built in beside a chip, and the lower end of these links is a network card"
        if words.a == AUTO:
            hint = "name here what plugs in, and the engine at the upper end of the level"
            return [Fault(f"{self.section}.link_policy.allow", message, hint)]
        engine = self.products[built_in[0]]
        rule = LinkPolicy(allow=self.policy.allow)
        fitting = [
            each
            for each in self.products.values()
            if _pluggable(each, engine.rate.value) and each.joins(engine) and rule.proposes(each.name)
        ]
        by_price = sorted(fitting, key=lambda each: each.price.value)
        cheapest = next((each for each in by_price if closes(each.name, engine.name)), None)
        hint = f"write {{a: {cheapest.name}, b: {built_in[0]}}}" if cheapest else "name a product that plugs in"
        return [Fault(f"{self.section}.{key}.a", message, hint)]

    def _unsold(self, key: str, rate_bps: float) -> Fault:
        """Say that nothing has a rate, and the nearest that something has."""
        known = sorted({each.rate.value for each in self.products.values() if _pluggable(each, each.rate.value)})
        near = [*[rate for rate in known if rate < rate_bps][-1:], *[rate for rate in known if rate > rate_bps][:1]]
        hint = " and ".join(f"{rate * 1e-9:g} Gb/s" for rate in near)
        message = f"no link product runs at {rate_bps * 1e-9:g} Gb/s"
        return Fault(f"{self.section}.{key}", message, f"the nearest rates are {hint}" if near else "")

    def _named(self, word: str, rate_bps: float) -> str:
        rated = (f"{rate_bps * 1e-9:g}g-{word}", f"{rate_bps * 1e-12:g}t-{word}")
        return next((name for name in (word, *rated) if name in self.products), "")

    def _hint(self, word: str) -> str:
        return nearest(word, [AUTO, *self.products])


def _pluggable(product: LinkProduct, rate_bps: float) -> bool:
    """Whether ``auto`` may take a product the study does not name: of the rate, and not built into a chip or node."""
    same_rate = abs(product.rate.value / rate_bps - 1) < 1e-6
    return same_rate and not product.preview and not product.part_of_node and product.sits == "module"
