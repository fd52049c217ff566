"""Networks that a study names by file become what is drawn in them."""

from pathlib import Path
from typing import TypeVar

from lightloom.core.errors import Fault, StudyError
from lightloom.fabric.drawings.reading import read_drawing
from lightloom.fabric.spec import FabricSpec
from lightloom.fabric.topologies.custom import Custom
from lightloom.study.node import KeyPath, Node

T = TypeVar("T")


def drawn(spec: FabricSpec, document: Node) -> FabricSpec:
    """Return a fabric with the drawings that its custom topologies name in place of their files.

    Raises:
        StudyError: A file cannot be read or something in it is wrong; every fault of every file, at its line.
    """
    faults: list[Fault] = []

    def read(topology: T, *path: str | int) -> T:
        if not isinstance(topology, Custom) or topology.file is None or topology.drawing is not None:
            return topology
        try:
            drawing = read_drawing(*_located(topology.file, document, ("fabric", *path, "file")))
        except StudyError as error:
            faults.extend(error.faults)
            return topology
        return topology.model_copy(update={"file": None, "drawing": drawing})

    found = {
        "scale_up": read(spec.scale_up, "scale_up"),
        "scale_out": read(spec.scale_out, "scale_out"),
        "beside": tuple(read(side, "beside", place) for place, side in enumerate(spec.beside)),
    }
    if faults:
        raise StudyError(dict.fromkeys(faults))
    return spec.model_copy(update=found)


def _located(name: str, document: Node, key: KeyPath) -> tuple[Path, str]:
    """Return the path of a file relative to the study that names it, and how messages call it."""
    written = document.nearest(key).place.file
    path = (Path(written).parent if written else Path()) / name
    try:
        exists, is_directory = path.exists(), path.is_dir()
    except (OSError, ValueError):
        exists, is_directory = False, False
    if not exists or is_directory:
        found = f"'{path}' is a directory" if is_directory else f"there is no file '{path!s:.200}'"
        hint = "write the path of a .graphml, .json, .csv or .txt file relative to this file"
        raise StudyError(document.fault(key, found, hint))
    return path, str(path)
