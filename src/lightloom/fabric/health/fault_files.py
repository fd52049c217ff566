"""Traces of faults from files: a plain table, or the events that a cluster's owner released.

A table (CSV) has the columns ``server``, ``start_h`` and ``end_h``, hours since the trace began; others are left alone.
Events (JSON) are a list of objects as in InfiniteHBD-Trace (github.com/stepfun-ai/InfiniteHBD-Trace, Apache-2.0):
``node_id``, ``event_time`` in days, ``event_type`` either ``fault_start`` or ``fault_end``, and ``fault_type`` with
``Level``, ``Class`` and ``Desc``. An end belongs to the oldest open start of the same node and type; what never ends is
open until the last event.
"""

import csv
import io
import json
import math
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from lightloom.core.errors import Fault, StudyError
from lightloom.fabric.health.faults import FaultTrace

HOUR = 3600.0
DAY = 86400.0
COLUMNS = ("server", "start_h", "end_h")
SIZE_LIMIT = 256 << 20
MOST_FAULTS = 20
"""Shown of one file; who mends those sees the next."""

_HINT = "a trace is a table with the columns server,start_h,end_h or a list of events of InfiniteHBD-Trace"


def read_trace(path: Path) -> FaultTrace:
    """Return the trace of a file, events if it begins with a bracket, else a table.

    Raises:
        StudyError: It cannot be read, or holds something else; every fault with its line or event.
    """
    text = _text(path)
    rows = _events(text, str(path)) if text.lstrip()[:1] in ("[", "{") else _table(text, str(path))
    if not rows:
        raise StudyError(Fault("", "the trace holds no fault", _HINT, str(path)))
    servers, starts, ends = zip(*rows, strict=True)
    _, number = np.unique(servers, return_inverse=True)
    return FaultTrace.of(number, np.array(starts), np.array(ends))


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > SIZE_LIMIT:
            raise StudyError(Fault("", f"the file is larger than {SIZE_LIMIT >> 20} MiB", _HINT, str(path)))
        return path.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        reason = "it is not text in UTF-8" if isinstance(error, ValueError) else str(error.strerror or error).lower()
        raise StudyError(Fault("", f"cannot read the file: {reason}", _HINT, str(path))) from None


Row = tuple[str, float, float]


def _table(text: str, shown: str) -> list[Row]:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise StudyError(Fault("", f"the table has no column {' or '.join(missing)}", _HINT, shown, 1))
    rows: list[Row] = []
    faults: list[Fault] = []
    try:
        for entry in reader:
            try:
                rows.append(_row(entry))
            except ValueError as error:
                faults.append(Fault("", str(error), "", shown, reader.line_num))
    except csv.Error as error:
        faults.append(Fault("", f"the table cannot be read: {error}", _HINT, shown, reader.line_num))
    if faults:
        raise StudyError(faults[:MOST_FAULTS])
    return rows


def _row(entry: dict[str, str | None]) -> Row:
    server = (entry["server"] or "").strip()
    if not server:
        message = "the server is not named"
        raise ValueError(message)
    start, end = (_hours(name, entry[name] or "") for name in ("start_h", "end_h"))
    if end < start:
        message = f"the fault ends at {end:g} h, before it starts at {start:g} h"
        raise ValueError(message)
    return server, start * HOUR, end * HOUR


def _hours(name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value < 1e9:
        message = f"{name} is '{text[:20]}'; write hours since the trace began, such as 93.5"
        raise ValueError(message)
    return value


class _Kind(BaseModel):
    model_config = ConfigDict(extra="allow", frozen=True)

    Level: str = ""
    Class: str = ""
    Desc: str = ""


class _Event(BaseModel):
    model_config = ConfigDict(extra="allow", frozen=True)

    node_id: str
    event_time: float
    event_type: Literal["fault_start", "fault_end"]
    fault_type: _Kind = _Kind()


def _events(text: str, shown: str) -> list[Row]:
    try:
        found = TypeAdapter(list[_Event]).validate_python(json.loads(text))
    except json.JSONDecodeError as error:
        raise StudyError(Fault("", f"the file is not JSON: {error.msg.lower()}", _HINT, shown, error.lineno)) from None
    except (RecursionError, ValueError) as error:
        if not isinstance(error, ValidationError):
            raise StudyError(
                Fault("", "the file is nested too deep, or holds a number too long", _HINT, shown)
            ) from None
        raise StudyError(list(_misfits(error, shown))[:MOST_FAULTS]) from None
    return _paired(found, shown)


def _misfits(error: ValidationError, shown: str) -> Iterator[Fault]:
    for each in error.errors(include_url=False, include_input=False):
        place = cast("Sequence[Any]", each["loc"])
        key = ".".join(str(part) for part in place[1:])
        where = f"event {int(place[0]) + 1}" + (f", {key}" if key else "") if place else ""
        yield Fault(where, each["msg"].lower(), _HINT, shown)


def _paired(events: Sequence[_Event], shown: str) -> list[Row]:
    """Return each fault from its start to its end, in the order of starts; both moments from the trace's beginning."""
    ordered = sorted(
        enumerate(events), key=lambda entry: (entry[1].event_time, entry[1].event_type == "fault_end", entry[0])
    )
    ends: dict[int, float] = {}
    opened: defaultdict[tuple[str, _Kind], deque[int]] = defaultdict(deque)
    starts: list[int] = []
    faults: list[Fault] = []
    for number, event in ordered:
        waiting = opened[event.node_id, event.fault_type]
        if not (math.isfinite(event.event_time) and event.event_time >= 0):
            faults.append(Fault(f"event {number + 1}", "event_time is not a number of days from 0 on", "", shown))
        elif event.event_type == "fault_start":
            waiting.append(number)
            starts.append(number)
        elif waiting:
            ends[waiting.popleft()] = event.event_time
        else:
            faults.append(Fault(f"event {number + 1}", "a fault ends that has not started", "", shown))
    if faults:
        raise StudyError(faults[:MOST_FAULTS])
    last = max((event.event_time for event in events), default=0.0)
    return [
        (events[number].node_id, events[number].event_time * DAY, ends.get(number, last) * DAY) for number in starts
    ]
