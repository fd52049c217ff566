"""From a file to a drawing, by the ending of its name; whatever the file holds, it takes bounded time and memory."""

import stat
from pathlib import Path

from lightloom.core.errors import Fault, StudyError
from lightloom.fabric.drawings.drawing import Drawing
from lightloom.fabric.drawings.graphml import read_graphml
from lightloom.fabric.drawings.lines import read_lines
from lightloom.fabric.drawings.netbox import read_netbox
from lightloom.fabric.drawings.sheet import Sheet
from lightloom.fabric.drawings.table import read_table

SIZE_LIMIT = 64 << 20
"""Bytes a file may have."""

_HINT = "write the path of a .graphml, .json (NetBox), .csv or .txt file"


def read_drawing(path: Path, shown: str) -> Drawing:
    """Read a network: GraphML, NetBox's cables as JSON, a table (CSV), or a list of edges.

    Args:
        path: The file.
        shown: How messages call it.

    Raises:
        StudyError: It cannot be read, or something in it is wrong; the faults with their lines.
    """
    raw = _bytes(path, shown)
    sheet = Sheet(shown)
    if path.suffix.lower() in (".graphml", ".xml"):
        read_graphml(raw, sheet)
        return sheet.drawing()
    text = _text(raw, shown)
    if path.suffix.lower() == ".json":
        read_netbox(text, sheet)
    elif path.suffix.lower() == ".csv":
        read_table(text, sheet)
    else:
        read_lines(text, sheet)
    return sheet.drawing()


def _bytes(path: Path, shown: str) -> bytes:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise StudyError(Fault("", "cannot read the file: it is not a regular file", _HINT, shown))
        with path.open("rb") as stream:
            raw = stream.read(SIZE_LIMIT + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise StudyError(Fault("", f"cannot read the file: {reason.lower()}", _HINT, shown)) from None
    if len(raw) > SIZE_LIMIT:
        raise StudyError(Fault("", f"the file is larger than {SIZE_LIMIT >> 20} MiB", _HINT, shown))
    return raw


def _text(raw: bytes, shown: str) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise StudyError(Fault("", "the file is not text in UTF-8", _HINT, shown, line)) from None
