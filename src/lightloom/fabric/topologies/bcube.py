"""BCube: servers with a port for every level; switches join those that differ in one digit."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, ClassVar, Literal, Self

import numpy as np
from pydantic import Field

from lightloom.core.arrays import Integers
from lightloom.core.units import Count
from lightloom.fabric.blocks import joined, numbered, turns
from lightloom.fabric.direct import DirectNetwork
from lightloom.fabric.graph import Graph


class BCube(DirectNetwork):
    """Servers numbered by k + 1 digits to the base n; they relay.

    Args:
        ports: Of a switch: n.
        levels: Ports of a server, less one: k.

    Source: Guo et al., "BCube: a high performance, server-centric network architecture", SIGCOMM 2009.
    """

    kind: ClassVar[str] = "bcube"

    topology: Literal["bcube"] = "bcube"
    ports: Annotated[Count, Field(ge=2)]
    levels: Annotated[Count, Field(ge=0, le=24)]

    @property
    def digits(self) -> int:
        """Digits of a server's number."""
        return self.levels + 1

    def build(self) -> Graph:
        """Join servers and switches; see :class:`DirectNetwork`."""
        base = (self.ports,)
        servers, switches = numbered([base * self.digits, (self.digits, *base * self.levels)])
        joins = {
            f"level-{level}": joined(servers, np.expand_dims(switches[level], axis=level))
            for level in range(self.digits)
        }
        return Graph.of(
            {"server": servers.size, "switch": switches.size}, joins, automorphisms=[*self._moves(servers, switches)]
        )

    def _moves(self, servers: Integers, switches: Integers) -> Iterator[Integers]:
        """Yield what generates every reordering of the values of each digit."""
        blocks = [servers, *switches]
        for level in range(self.digits):
            axes = {0: level} | {1 + each: level - (each < level) for each in range(self.digits) if each != level}
            yield from turns(blocks, axes)

    def closed_form(self) -> Mapping[str, float]:
        """See :class:`DirectNetwork`; each digit that differs takes two links."""
        servers = self.ports**self.digits
        return {
            "terminals": servers,
            "switches": self.digits * self.ports**self.levels,
            "links": self.digits * servers,
            "switch_links": 0,
            "diameter": 2 * self.digits,
            "mean_hops": 2 * servers / (servers - 1) * self.digits * (self.ports - 1) / self.ports,
            "all_to_all": servers * (self.ports - 1) / self.ports,
            "all_gather": servers * self.digits / (servers - 1),
        }

    @classmethod
    def shapes(cls) -> Sequence[Self]:
        """Build one level, and several of small switches."""
        return [cls(ports=ports, levels=levels) for ports, levels in ((4, 0), (4, 1), (3, 1), (2, 2), (3, 2))]
