"""Kinds of fabric cases whose nodes are joined to each other by one rule: grids, cubes, rings and meshes."""

from typing import Annotated, TypeAlias

import numpy as np
from pydantic import BeforeValidator, Field

from lightloom.core.arrays import Floats
from lightloom.fabric.measures.flow import concurrent
from lightloom.fabric.measures.spectrum import bisection_bound
from lightloom.fabric.topologies.circulant import Circulant
from lightloom.fabric.topologies.coprime_rings import CoprimeRings, coprime
from lightloom.fabric.topologies.full_mesh import FullMesh
from lightloom.fabric.topologies.hypercube import Hypercube
from lightloom.fabric.topologies.hyperx import HyperX
from lightloom.fabric.topologies.torus import Torus
from lightloom.fabric.topologies.twisted_torus import TwistedTorus
from lightloom.study.validation import fabric_measured as measured
from lightloom.study.validation.case_fields import Params, Positive, needed, whole
from lightloom.study.validation.cases import CaseKind, Quantity
from lightloom.study.validation.fabric_measured import Sides

Nodes: TypeAlias = Annotated[int, Field(ge=2, le=1_000_000), BeforeValidator(whole)]
Step: TypeAlias = Annotated[int, Field(ge=-1_000_000, le=1_000_000), BeforeValidator(whole)]
Row: TypeAlias = Annotated[tuple[Step, ...], Field(strict=False, max_length=24)]


class TorusParams(Params):
    """A grid that closes along every axis."""

    dims: Sides
    link_bps: Positive | None = None

    def topology(self) -> Torus:
        """Return the torus."""
        return Torus(dims=self.dims)

    def rate(self) -> float:
        """Return what a node can send to all others, bit/s."""
        return _rate(self.topology(), needed(self.link_bps, "link_bps"))


def _rate(topology: Torus | TwistedTorus, link_bps: float) -> float:
    others = measured.count(topology, "terminals") - 1
    return others * link_bps / measured.all_to_all(topology)


TORUS: CaseKind[TorusParams] = CaseKind(
    "torus",
    TorusParams,
    {
        "links": Quantity("count", lambda p: measured.count(p.topology(), "links")),
        "diameter": Quantity("hops", lambda p: measured.diameter(p.topology())),
        "mean_hops": Quantity("hops", lambda p: measured.mean_hops(p.topology())),
        "bisection": Quantity("links", lambda p: measured.halves(p.topology())),
        "a2a_load": Quantity("1", lambda p: measured.all_to_all(p.topology())),
        "allgather_algbw": Quantity("link", lambda p: measured.all_gather(p.topology())),
        "bisection_rate": Quantity("bit/s", lambda p: measured.halves(p.topology()) * needed(p.link_bps, "link_bps")),
        "a2a_rate": Quantity("bit/s", lambda p: p.rate()),
    },
)


class TwistedParams(Params):
    """A grid modulo a lattice, given by the columns of a matrix."""

    dims: Sides
    lattice: Annotated[tuple[Row, ...], Field(strict=False, max_length=24)] = ()
    link_bps: Positive | None = None

    def topology(self) -> TwistedTorus:
        """Return the twisted torus."""
        return TwistedTorus(dims=self.dims, lattice=self.lattice)

    def gain(self) -> float:
        """Return how much more each node can send than on the torus of the same shape."""
        return measured.all_to_all(Torus(dims=self.dims)) / measured.all_to_all(self.topology())


TWISTED_TORUS: CaseKind[TwistedParams] = CaseKind(
    "twisted_torus",
    TwistedParams,
    {
        "diameter": Quantity("hops", lambda p: measured.diameter(p.topology())),
        "mean_hops": Quantity("hops", lambda p: measured.mean_hops(p.topology())),
        "a2a_load": Quantity("1", lambda p: measured.all_to_all(p.topology())),
        "a2a_gain_over_torus": Quantity("1", lambda p: p.gain()),
        "a2a_rate": Quantity("bit/s", lambda p: _rate(p.topology(), needed(p.link_bps, "link_bps"))),
        "bisection_spectral_lb": Quantity("links", lambda p: bisection_bound(measured.graph_of(p.topology()))),
    },
)


class HypercubeParams(Params):
    """Binary digits of a node's number."""

    n: Annotated[int, Field(ge=1, le=24), BeforeValidator(whole)]

    def topology(self) -> Hypercube:
        """Return the cube."""
        return Hypercube(axes=self.n)


HYPERCUBE: CaseKind[HypercubeParams] = CaseKind(
    "hypercube",
    HypercubeParams,
    {
        "links": Quantity("count", lambda p: measured.count(p.topology(), "links")),
        "mean_hops": Quantity("hops", lambda p: measured.mean_hops(p.topology())),
        "bisection": Quantity("links", lambda p: measured.halves(p.topology())),
        "a2a_load": Quantity("1", lambda p: measured.all_to_all(p.topology())),
        "allgather_algbw": Quantity("link", lambda p: measured.all_gather(p.topology())),
    },
)


class HyperXParams(Params):
    """A full mesh along every axis."""

    dims: Sides

    def topology(self) -> HyperX:
        """Return the network."""
        return HyperX(dims=self.dims)


HYPERX: CaseKind[HyperXParams] = CaseKind(
    "hyperx",
    HyperXParams,
    {
        "nodes": Quantity("count", lambda p: measured.count(p.topology(), "terminals")),
        "links": Quantity("count", lambda p: measured.count(p.topology(), "links")),
        "diameter": Quantity("hops", lambda p: measured.diameter(p.topology())),
        "mean_hops": Quantity("hops", lambda p: measured.mean_hops(p.topology())),
        "bisection": Quantity("links", lambda p: measured.halves(p.topology())),
        "a2a_load": Quantity("1", lambda p: measured.all_to_all(p.topology())),
    },
)


class CirculantParams(Params):
    """A ring with chords."""

    n: Nodes
    strides: Sides

    def topology(self) -> Circulant:
        """Return the circulant."""
        return Circulant(nodes=self.n, strides=self.strides)


CIRCULANT: CaseKind[CirculantParams] = CaseKind(
    "circulant", CirculantParams, {"a2a_load": Quantity("1", lambda p: measured.all_to_all(p.topology()))}
)


class FullMeshParams(Params):
    """Blocks, each with an equal share of its uplink to every other."""

    n: Annotated[int, Field(ge=2, le=1024), BeforeValidator(whole)]

    def throughput(self, demand: Floats) -> float:
        """Return the share of a demand, in uplinks, that fits at once."""
        mesh = measured.graph_of(FullMesh(nodes=self.n))
        return concurrent(mesh, demand * (self.n - 1)).throughput

    def uniform(self) -> float:
        """Return that of equal demand between all blocks."""
        return self.throughput((1.0 - np.eye(self.n)) / (self.n - 1))

    def permutation(self) -> float:
        """Return that of every block's demand for the next one."""
        return self.throughput(np.roll(np.eye(self.n), 1, axis=1))


FULL_MESH: CaseKind[FullMeshParams] = CaseKind(
    "full_mesh",
    FullMeshParams,
    {
        "uniform_throughput": Quantity("1", lambda p: p.uniform()),
        "permutation_throughput": Quantity("1", lambda p: p.permutation()),
    },
)


class RingsParams(Params):
    """Directed rings over the same nodes."""

    n: Nodes
    d: Annotated[int, Field(ge=1, le=1000), BeforeValidator(whole)] | None = None

    def topology(self) -> CoprimeRings:
        """Return the rings."""
        return CoprimeRings(nodes=self.n, rings=needed(self.d, "d")).checked()


COPRIME_RINGS: CaseKind[RingsParams] = CaseKind(
    "coprime_rings",
    RingsParams,
    {
        "ring_count": Quantity("count", lambda p: float(len(coprime(p.n)))),
        "strides": Quantity("1", lambda p: np.array(p.topology().chosen(), np.float64)),
        "diameter": Quantity("hops", lambda p: measured.diameter(p.topology())),
        "mean_hops": Quantity("hops", lambda p: measured.mean_hops(p.topology())),
    },
)
