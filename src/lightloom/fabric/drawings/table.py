"""Tables (CSV) with a column for each end of a cable: of one's own, or NetBox's export and import of cables.

NetBox calls the ends ``Device A`` and ``Device B`` (export of the list, once those columns are shown) or
``side_a_device`` and ``side_b_device`` (import). Its older export names ports by number alone, which says nothing of
devices.

Source: github.com/netbox-community/netbox, dcim/tables/cables.py and issues 2543 and 5112.
"""

import csv
import io
from collections.abc import Mapping

from lightloom.fabric.drawings.sheet import Sheet

_ENDS = (
    ("a", "source", "from", "u", "device_a", "side_a_device", "termination_a_device"),
    ("b", "target", "to", "v", "device_b", "side_b_device", "termination_b_device"),
)
_TYPES = ("side_a_type", "side_b_type", "termination_a_type", "termination_b_type")
_RATES = ("rate", "speed", "bandwidth")
_CABLES = ("cables", "count")
_IGNORED = ("power", "console")
_HINT = "the first line names the columns: a and b, or NetBox's Device A and Device B; rate, cables and length as known"
_NUMBERS = "this export names ports by number alone; show the columns Device A and Device B, or take the API's JSON"


def read_table(text: str, sheet: Sheet) -> None:
    """Note what a table of cables holds.

    Raises:
        StudyError: It has no columns for ends.
    """
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        header = [word.strip().lower().replace(" ", "_") for word in next(reader, list[str]())]
        ends = [next((word for word in words if word in header), "") for words in _ENDS]
        if not all(ends):
            numbered = any("termination" in word for word in header)
            raise sheet.refuse(1, "no columns say what is joined to what", _NUMBERS if numbered else _HINT)
        for row in reader:
            if any(cell.strip() for cell in row):
                entry = {name: cell.strip() for name, cell in zip(header, row, strict=False)}
                _note(sheet, reader.line_num, entry, (entry.get(ends[0], ""), entry.get(ends[1], "")))
    except csv.Error as error:
        raise sheet.refuse(reader.line_num, f"the table cannot be read: {error}", _HINT) from None


def _note(sheet: Sheet, line: int, entry: Mapping[str, str], ends: tuple[str, str]) -> None:
    types = [entry.get(name, "").lower() for name in _TYPES]
    if any(word in each for each in types for word in _IGNORED):
        return
    if any("frontport" in each or "rearport" in each for each in types):
        sheet.fault(line, "the cable ends at a patch panel", "join what is at the far sides of panels")
        return
    several = [[part.strip() for part in end.split(",")] for end in ends]
    if min(len(each) for each in several) > 1:
        sheet.fault(line, "several devices at both ends do not say who is joined to whom", "write a line for each pair")
        return
    rate = next((entry[name] for name in _RATES if entry.get(name)), "")
    cables = next((entry[name] for name in _CABLES if entry.get(name)), "")
    length = f"{entry.get('length', '')} {entry.get('length_unit', '')}".strip() if entry.get("length") else ""
    for a in several[0]:
        for b in several[1]:
            sheet.join(line, (a, b), cables=cables, rate=rate, length=length)
