"""Words that a demand is told in, at the terminal and on the page alike."""

from lightloom.report import formats
from lightloom.report.reading import Run

HUES = {"in the node": "purple", "passive": "brown", "linear": "orange", "retimed": "yellow", "optical": "blue"}
"""Class of each technology's colour; copper is of one family."""


def lane(rate: float) -> str:
    """Return the name of a lane rate.

    >>> lane(1e11), lane(2.5e10)
    ('100G', '25G')
    """
    return f"{rate / 1e9:g}G"


def bit_rate(value: float) -> str:
    r"""Return a rate of bits, without zeros at its end.

    >>> bit_rate(7.2e12), bit_rate(1e11)
    ('7.2\xa0Tb/s', '100\xa0Gb/s')
    """
    return formats.tick(_bits, value)


def _bits(value: float) -> str:
    return formats.si(value, "b/s")


def whole(value: float) -> str:
    """Return a count that a band may have made a fraction of."""
    return formats.count(round(value))


def share(value: float) -> str:
    r"""Return a share that somebody chose, without zeros at its end.

    >>> share(0.05)
    '5\xa0%'
    """
    return formats.tick(formats.percent, value)


def ends(low: float, high: float, form: formats.Form) -> str:
    r"""Return the two ends of a band in few characters: two digits, and a unit once where both have it.

    >>> ends(5099.2, 10488.7, formats.watts), ends(806121.0, 3.67e6, formats.usd), ends(0.0, 576.0, whole)
    ('5.1 … 10\xa0kW', '$810,000 … $3.7\xa0M', '0 … 576')
    """
    if form is whole:
        return f"{whole(low)} … {whole(high)}"
    first, last = (formats.tick(form, formats.rounded_to(value, 2)) for value in (low, high))
    unit = last.rpartition(_SPACE)[2] if _SPACE in last else ""
    shared = unit and unit != "M" and first.endswith(f"{_SPACE}{unit}")
    return f"{first.removesuffix(f'{_SPACE}{unit}') if shared else first} … {last}"


_SPACE = "\u00a0"


def span(answer: Run, form: formats.Form, *path: str | int) -> str:
    """Return a band as text: the middle, and its ends where they differ; a dash where the answer has none."""
    mid, low, high = (answer.show(form, *path, key).text for key in ("mid", "low", "high"))
    return mid if low == high else f"{mid} ({low} … {high})"


def technologies(answer: Run) -> list[str]:
    """Return the copper technologies that any lane rate has, plainest first."""
    return list(dict.fromkeys(str(row["technology"]) for row in answer.rows("ends")))


def rack_words(answer: Run) -> str:
    """Return what a rack is, in a sentence."""
    nodes = answer.number("rack", "nodes") or 0.0
    power, each = (answer.show(formats.watts, "rack", key).text for key in ("power_w", "node_power_w"))
    count = answer.show(formats.count, "rack", "accelerators").text
    limit = "its power" if answer.at("rack", "limited_by") == "power" else "its height"
    units = answer.number("rack", "node_units") or 0.0
    word, high = "node" if nodes == 1 else "nodes", "unit" if units == 1 else "units"
    return (
        f"A rack of {power} holds {nodes:g} {word} of {each} and {units:g} {high}: {count} accelerators "
        f"({limit} limits it)."
    )
