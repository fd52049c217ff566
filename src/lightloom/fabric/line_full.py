"""gnpy's answer beside the planner's own: for a line, and for gnpy's own files."""

from pathlib import Path

import numpy as np

from lightloom.fabric.line import Line
from lightloom.fabric.line_report import Json, ratios
from lightloom.photonics import gnpy_line
from lightloom.photonics.budget import holds
from lightloom.photonics.gnpy_line import Channels
from lightloom.photonics.kinds.coherent import Coherent


def full_answer(line: Line) -> Json:
    """Return what gnpy says of a line with the figures it comes with, and by how much the closed form is kinder.

    Raises:
        MissingExtraError: gnpy is not installed.
    """
    channels = gnpy_line.propagate(line.fibres(), line.comb, launch_dbm=line.launch_dbm)
    middle = channels.at(int(line.comb.middle))
    worst = float(channels.gsnr_0p1nm_db[channels.worst])
    return {
        "middle": ratios(middle),
        "worst_channel": _channel(channels, channels.worst),
        "margin_db": worst - line.required_osnr_db,
        "closed_form_above_db": float(np.asarray(line.quality().gsnr_0p1nm_db))
        - float(np.asarray(middle.gsnr_0p1nm_db)),
    }


def file_answer(
    topology: Path, equipment: Path, *, source: str | None, destination: str | None, module: Coherent | None
) -> Json:
    """Return what gnpy says of a path through its own network.

    Args:
        topology: gnpy's network, JSON.
        equipment: gnpy's equipment library, JSON.
        source: Transceiver that sends; None for the first.
        destination: Transceiver that receives; None for the last.
        module: What receives, for the margin; None leaves it out.

    Raises:
        MissingExtraError: gnpy is not installed.
        StudyError: A file cannot be used.
    """
    channels, passed = gnpy_line.propagate_files(equipment, topology, source=source, destination=destination)
    needed = module.required_osnr.value if module and module.required_osnr else None
    margin = None if needed is None else float(channels.gsnr_0p1nm_db[channels.worst]) - needed
    return {
        "name": topology.stem,
        "elements": list(passed),
        "channels": len(channels.frequency),
        "module": module.name if module else None,
        "required_osnr_db": needed,
        "margin_db": margin,
        "closes": None if margin is None else bool(holds(margin)),
        "worst_channel": _channel(channels, channels.worst),
        "per_channel": [_channel(channels, index) for index in range(len(channels.frequency))],
        "latency_s": float(channels.delay[channels.worst]),
        "accumulated_dispersion_s_per_m": float(channels.accumulated_dispersion[channels.worst]),
    }


def _channel(channels: Channels, index: int) -> Json:
    return {"frequency_hz": float(channels.frequency[index]), **ratios(channels.at(index))}
