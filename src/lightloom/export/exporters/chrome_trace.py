"""The pipeline of one step, turn by turn, for trace viewers (Perfetto, chrome://tracing)."""

import json
from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter

from lightloom.engine.timeline import Event, Timeline
from lightloom.export.exporter import Exporter
from lightloom.study.evaluation import Evaluation
from lightloom.study.timeline import timeline_of


class ChromeTrace(Exporter):
    """Stages as processes; forward and backward passes of every chunk and micro-batch as events.

    Times are microseconds, rounded to whole nanoseconds.

    Leaves out: what follows the pipeline in a step, the exchange of data ranks and the optimizer.
    Source: Trace Event Format, https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
    """

    kind = "chrome-trace"
    suffix = ".json"
    description = "pipeline of one step, stage by stage, for Perfetto"
    signature = '{\n"otherData": {"program": "lightloom '

    def write(self, evaluation: Evaluation) -> str:
        """Return one JSON object, an event a line."""
        answer = evaluation.to_dict()["scenario"]
        about = {"program": f"lightloom {answer['version']}", "study": answer["name"], "hash": answer["hash"]}
        events = ",\n".join(map(json.dumps, _events(timeline_of(evaluation.scenario))))
        return f'{{\n"otherData": {json.dumps(about)},\n"displayTimeUnit": "ms",\n"traceEvents": [\n{events}\n]\n}}\n'


def _events(timeline: Timeline) -> Iterator[dict[str, object]]:
    for stage, turns in groupby(timeline.events, attrgetter("stage")):
        yield {"ph": "M", "name": "process_name", "pid": stage, "tid": 0, "args": {"name": f"stage {stage}"}}
        yield {"ph": "M", "name": "process_sort_index", "pid": stage, "tid": 0, "args": {"sort_index": stage}}
        yield {"ph": "M", "name": "thread_name", "pid": stage, "tid": 0, "args": {"name": "passes"}}
        yield from map(_pass, turns)


def _pass(event: Event) -> dict[str, object]:
    start, end = round(event.start * 1e9), round(event.end * 1e9)
    kind = "backward" if event.turn.backward else "forward"
    return {
        "ph": "X",
        "name": f"{kind} {event.turn.micro_batch}",
        "cat": kind,
        "pid": event.stage,
        "tid": 0,
        "ts": start / 1000,
        "dur": (end - start) / 1000,
        "args": {"chunk": event.turn.chunk, "micro_batch": event.turn.micro_batch},
    }
