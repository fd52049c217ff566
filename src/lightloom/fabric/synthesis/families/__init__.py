"""Every family of topologies that a search looks at, by kind: the one place where a new one is entered."""

from lightloom.core.registry import Registry
from lightloom.fabric.synthesis.families.abelian import Abelian
from lightloom.fabric.synthesis.families.affine import Affine
from lightloom.fabric.synthesis.families.circulants import Circulants
from lightloom.fabric.synthesis.families.cube_circuits import CubeCircuits
from lightloom.fabric.synthesis.families.cube_lattices import CubeLattice
from lightloom.fabric.synthesis.families.kautz import GeneralisedKautz
from lightloom.fabric.synthesis.families.lattices import TwistedLattice
from lightloom.fabric.synthesis.families.metacyclic import Metacyclic
from lightloom.fabric.synthesis.family import Family

FAMILIES: Registry[type[Family]] = Registry(
    "family", [Circulants, Abelian, TwistedLattice, Metacyclic, Affine, GeneralisedKautz, CubeLattice, CubeCircuits]
)
