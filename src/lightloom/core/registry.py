"""Explicit registries: what an extension point offers, by name, in one visible place."""

from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Generic, Protocol, TypeVar

from lightloom.core.errors import Fault, StudyError, nearest


class Kinded(Protocol):
    """Anything, class or instance, that says what it is called."""

    kind: str


Entry = TypeVar("Entry")

_kind = attrgetter("kind")  # a ClassVar of classes, a plain attribute of instances: no protocol covers both


class Registry(Mapping[str, Entry], Generic[Entry]):
    """Names to entries, read-only, in the order registered.

    A name asked for in vain raises :class:`StudyError` with the nearest spelling.
    """

    def __init__(self, noun: str, entries: Sequence[Entry]) -> None:
        """Register entries under their ``kind``; two of one name are a bug."""
        self._noun = noun
        self._entries: dict[str, Entry] = {}
        for entry in entries:
            name = str(_kind(entry))
            if name in self._entries:
                message = f"two {noun}s are called {name!r}"
                raise ValueError(message)
            self._entries[name] = entry

    def __getitem__(self, name: str) -> Entry:
        """Return the entry of that name."""
        if name not in self._entries:
            raise StudyError(Fault("", f"no {self._noun} is called {name!r}", nearest(name, self._entries)))
        return self._entries[name]

    def __contains__(self, name: object) -> bool:
        """Tell whether something has that name."""
        return isinstance(name, str) and name in self._entries

    def __iter__(self) -> Iterator[str]:
        """Names, in the order registered."""
        return iter(self._entries)

    def __len__(self) -> int:
        """How many are registered."""
        return len(self._entries)
