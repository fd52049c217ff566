"""The verbs, in the order of ``lightloom --help``; a new one is a file here and a line below."""

from typing import NamedTuple


class Verb(NamedTuple):
    """A verb before it is imported: its module is loaded only when it is used, so that ``--help`` stays quick."""

    module: str
    command: str
    summary: str


VERBS: dict[str, Verb] = {
    "run": Verb("run", "run", "Evaluate one study: time, energy and dollars per token."),
    "compare": Verb("compare", "compare", "Compare studies side by side, with a verdict."),
    "export": Verb("export", "export", "Write the answer in a format of other programs."),
    "demand": Verb("demand", "demand", "Tell where copper ends for a job, and what lies beyond."),
    "pod": Verb("pod", "pod", "Carve jobs out of a pod of cubes behind circuit switches."),
    "fabric": Verb("fabric", "fabric", "Look at networks by themselves, without a job."),
    "link": Verb("link", "link", "Tell whether a link closes, and what it costs."),
    "catalog": Verb("catalog", "catalog", "Show what is known of each product, and who says so."),
    "validate": Verb("validate", "validate", "Hold predictions against measurements, row by row."),
    "calibrate": Verb("calibrate", "calibrate", "Fit the efficiencies anew, from rows that are not judged."),
    "new": Verb("new", "new", "Write a study to start from."),
    "completion": Verb("completion", "completion", "Print the completion script of your shell."),
}
