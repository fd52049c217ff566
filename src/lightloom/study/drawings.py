"""Networks that a study names by file become what is drawn in them."""

from pathlib import Path

from lightloom.core.errors import Fault, StudyError
from lightloom.fabric.drawings.reading import read_drawing
from lightloom.fabric.spec import FabricSpec
from lightloom.fabric.topologies.custom import Custom
from lightloom.study.node import KeyPath, Node


def drawn(spec: FabricSpec, document: Node) -> FabricSpec:
    """Return a fabric with the drawings that its custom topologies name in place of their files.

    Raises:
        StudyError: A file cannot be read or something in it is wrong; every fault of every file, at its line.
    """
    found: dict[str, Custom] = {}
    faults: list[Fault] = []
    for section in ("scale_up", "scale_out"):
        topology = getattr(spec, section)
        if not isinstance(topology, Custom) or topology.file is None or topology.drawing is not None:
            continue
        try:
            drawing = read_drawing(*_located(topology.file, document, ("fabric", section, "file")))
        except StudyError as error:
            faults += error.faults
        else:
            found[section] = topology.model_copy(update={"file": None, "drawing": drawing})
    if faults:
        raise StudyError(dict.fromkeys(faults))
    return spec.model_copy(update=found) if found else spec


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
