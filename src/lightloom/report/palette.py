"""Colours by name: one class of the style sheet for each part, told apart by colour-blind readers too.

The hues are those of Okabe and Ito, "Color Universal Design" (2008); the style sheet holds them, for both schemes.
Colour never stands alone: segments are labelled, idle time is hatched, what fails has a cross.
"""

from collections.abc import Iterable

_FIXED = {
    "nodes": "blue",
    "packet switches": "purple",
    "circuit switches": "yellow",
    "optics": "vermillion",
    "optical modules and engines": "vermillion",
    "copper": "brown",
    "copper cables": "brown",
    "fibre": "sky",
    "storage": "green",
    "cooling and losses": "orange",
    "facility": "orange",
    "maintenance": "grey",
    "electricity": "ink",
    "compute": "blue",
    "bubble": "idle",
    "pipeline bubble": "idle",
    "idle": "idle",
    "tensor": "orange",
    "context": "yellow",
    "pipeline": "green",
    "expert": "vermillion",
    "data": "purple",
    "optimizer": "sky",
    "input": "brown",
    "other": "grey",
    "weights": "blue",
    "gradients": "orange",
    "activations": "green",
}
_CYCLE = ("blue", "orange", "green", "purple", "sky", "vermillion", "yellow", "brown")
_TEXT_ON = {"blue": "on-dark", "brown": "on-dark", "idle": "on-idle", "ink": "on-ink"}


def colours(names: Iterable[str]) -> dict[str, str]:
    """Return a class for every name: known names keep theirs, others take free hues in order."""
    wanted = list(dict.fromkeys(names))
    chosen = {name: _FIXED[name] for name in wanted if name in _FIXED}
    free = [hue for hue in _CYCLE if hue not in chosen.values()] or list(_CYCLE)
    others = (name for name in wanted if name not in chosen)
    chosen.update({name: free[index % len(free)] for index, name in enumerate(others)})
    return {name: chosen[name] for name in wanted}


def text_on(hue: str) -> str:
    """Return the class of text that is readable on that hue."""
    return _TEXT_ON.get(hue, "on-light")
