"""Every number of the answer, one a row, for spreadsheets and scripts."""

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from lightloom.export.cells import Cell, table
from lightloom.export.exporter import Exporter
from lightloom.export.units import unit
from lightloom.study.evaluation import Evaluation

_HEADER = ("key", "value", "unit")
_BAND = frozenset(("low", "value", "high"))


class CommaSeparated(Exporter):
    """The answer of ``--json``, flat: the path of every entry, its value, and the unit its key tells."""

    kind = "csv"
    suffix = ".csv"
    description = "every number of the answer by its path, with its unit"
    signature = "key,value,unit\nschema,evaluation/1,\n"

    def write(self, evaluation: Evaluation) -> str:
        """Return one row an entry, texts included, in the order of the contract."""
        return table(_HEADER, _rows(evaluation.to_dict(), "", ()))


def _rows(value: object, path: str, keys: tuple[str, ...], said: str = "") -> Iterator[tuple[str, Cell, str]]:
    """Walk the answer; ``said`` is the unit that an entry beside the number names."""
    if isinstance(value, dict):
        entries = cast("Mapping[str, object]", value)
        own = entries.get("unit")
        for key, each in entries.items():
            beside = own if isinstance(own, str) and key in _BAND else ""
            yield from _rows(each, f"{path}.{key}" if path else key, (*keys, key), beside)
    elif isinstance(value, list):
        for index, each in enumerate(cast("Sequence[object]", value)):
            yield from _rows(each, f"{path}[{index}]", keys)
    else:
        cell = cast("Cell", value)
        number = isinstance(cell, (int, float)) and not isinstance(cell, bool)
        yield path, cell, (said or unit(keys)) if number else ""
