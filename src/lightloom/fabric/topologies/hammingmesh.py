"""HammingMesh: boards of accelerators in a mesh; switches join the edges of each row and column of boards."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, ClassVar, Literal, Self

import numpy as np
from pydantic import Field

from lightloom.core.arrays import Integers
from lightloom.core.errors import Fault
from lightloom.core.units import Count
from lightloom.fabric.blocks import joined, numbered, reordered, turns
from lightloom.fabric.direct import DirectNetwork
from lightloom.fabric.graph import Graph


class HammingMesh(DirectNetwork):
    """x by x boards of a by a accelerators; every accelerator row of a row of boards has a switch, columns likewise.

    Args:
        board: Accelerators along a side of a board: a.
        boards: Boards along a side of the whole: x.

    Leaves out: trees of switches where a row has more ends than a switch has ports; a switch is ideal.
    Source: Hoefler et al., "HammingMesh: a network topology for large-scale deep learning", SC 2022.
    """

    kind: ClassVar[str] = "hammingmesh"

    topology: Literal["hammingmesh"] = "hammingmesh"
    board: Annotated[Count, Field(ge=1)]
    boards: Annotated[Count, Field(ge=1)]

    def build(self) -> Graph:
        """Join boards and switches; see :class:`DirectNetwork`."""
        side, count = self.board, self.boards
        chips, rows, columns = numbered([(count, count, side, side), (count, side), (count, side)])
        edges = [0, side - 1]
        joins = {
            "board": np.concatenate(
                [
                    joined(chips[..., :-1, :], chips[..., 1:, :]),
                    joined(chips[..., :, :-1], chips[..., :, 1:]),
                ]
            ),
            "row": joined(chips[:, :, :, edges], rows[:, None, :, None]),
            "column": joined(chips[:, :, edges, :], columns[None, :, None, :]),
        }
        return Graph.of(
            {"accelerator": chips.size, "switch": rows.size + columns.size},
            joins,
            automorphisms=[*_moves(chips, rows, columns)],
        )

    def closed_form(self) -> Mapping[str, float]:
        """See :class:`DirectNetwork`."""
        side, count = self.board, self.boards
        chips = (side * count) ** 2
        known = {
            "terminals": chips,
            "switches": 2 * count * side,
            "links": 2 * count**2 * side * (side - 1) + 4 * side * count**2,
            "switch_links": 0,
        }
        # A single board has its mesh instead to share the load with.
        return {**known, "all_to_all": chips * side / 2 * (count - 1) / count} if count > 1 else known

    def refusals(self) -> Iterable[Fault]:
        """Refuse boards of one accelerator, whose two edges are one."""
        if self.board == 1:
            yield Fault("board", "a board of one accelerator has no two edges", "the nearest is 2, or choose hyperx")

    @classmethod
    def shapes(cls) -> Sequence[Self]:
        """Build a single board, and boards of either parity."""
        return [cls(board=board, boards=boards) for board, boards in ((2, 1), (2, 2), (3, 2), (2, 3), (4, 2))]

    @classmethod
    def impossible(cls) -> Sequence[Self]:
        """Return boards of one."""
        return [cls(board=1, boards=2)]


def _moves(chips: Integers, rows: Integers, columns: Integers) -> Iterator[Integers]:
    """Yield reorderings of the rows and of the columns of boards, mirrors of all boards, and rows for columns."""
    blocks = [chips, rows, columns]
    back = np.arange(int(chips.shape[3]), dtype=np.int64)[::-1]
    if len(rows) > 1:
        yield from turns(blocks, {0: 0, 1: 0})
        yield from turns(blocks, {0: 1, 2: 0})
    yield reordered(blocks, {0: 2, 1: 1}, back)
    yield reordered(blocks, {0: 3, 2: 1}, back)
    yield np.concatenate([chips.transpose(1, 0, 3, 2).ravel(), columns.ravel(), rows.ravel()])
