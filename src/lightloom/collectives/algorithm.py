"""What an algorithm is: the phases each rank goes through, and the explicit messages that prove them."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar, Protocol, TypeAlias

from lightloom.core.arrays import Integers, Number
from lightloom.workload.program import Collective

Whole: TypeAlias = int | Integers
"""A count or a column of counts."""


class Pattern(IntEnum):
    """Who sends to whom inside a group, the value being the column of ``Reach``.

    The group's members of one scale-up domain are *local* to each other; member i of one domain and member i of
    another are on one *rail*. All-to-all patterns spread what a rank sends equally over its targets.
    """

    LOCAL_RING = 0
    """To the next member of the same domain."""

    REMOTE_RING = 1
    """To the member on the same rail of the group's next domain."""

    LOCAL_ALL_TO_ALL = 2
    """To every other member of the same domain."""

    REMOTE_ALL_TO_ALL = 3
    """To every member of every other domain."""

    RAIL_ALL_TO_ALL = 4
    """To the member on the same rail of every other domain."""

    NEIGHBOUR = 5
    """To the next member of the group, the last to the first, wherever it is."""


@dataclass(frozen=True, slots=True, eq=False)
class Phase:
    """One pattern at work.

    Args:
        pattern: Who sends to whom.
        sent: What each rank sends in total, bytes.
        steps: How many times a message must arrive before the next can leave: that many latencies.
    """

    pattern: Pattern
    sent: Number
    steps: Whole


Stage: TypeAlias = tuple[Phase, ...]
"""Phases that run at the same time; the next stage begins when all have ended."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of an explicit schedule.

    Args:
        step: Messages of a step need nothing of the same step, only of earlier ones.
        pattern: The pattern it is counted in.
        source: Position of the sender in the group.
        target: Position of the receiver.
        pieces: Which equal pieces of the payload it carries (numbered over all senders for all-to-all).
        reduces: Whether the receiver adds it to what it has, instead of keeping it as it is.
    """

    step: int
    pattern: Pattern
    source: int
    target: int
    pieces: tuple[int, ...]
    reduces: bool = False


class Way(Protocol):
    """What timing asks of an algorithm: its name, and what each rank sends."""

    kind: ClassVar[str]

    def stages(self, size: Whole, local: Whole, payload: Number) -> tuple[Stage, ...]:
        """Return what each rank sends, stage by stage; numbers or columns, shapes broadcast."""
        ...


class Algorithm(ABC):
    """One way to do an operation over ``size`` ranks of which ``local`` share each scale-up domain.

    ``local`` divides ``size``; member p of the group is the ``p % local``-th of domain ``p // local``.
    """

    kind: ClassVar[str]
    operation: ClassVar[Collective]

    @abstractmethod
    def stages(self, size: Whole, local: Whole, payload: Number) -> tuple[Stage, ...]:
        """Return what each rank sends, stage by stage; numbers or columns, shapes broadcast."""

    @abstractmethod
    def messages(self, size: int, local: int) -> tuple[Message, ...]:
        """Return the whole schedule, message by message; for small groups."""

    @abstractmethod
    def piece_count(self, size: int, local: int) -> int:
        """Return into how many equal pieces ``messages`` cuts the payload of a rank."""
