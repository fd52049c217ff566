"""GraphML: nodes and edges of one graph, with what their data says of kind, cables, rate and length.

The file is XML from anywhere: document types and entities, by which XML can grow without bound or reach for other
files, are refused, and nothing outside the file is ever read.

Source: Brandes et al., "GraphML progress report", Graph Drawing 2001; graphml.graphdrawing.org.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from xml.parsers import expat  # document types are refused below, so that nothing is expanded or fetched

from lightloom.fabric.drawings.sheet import Sheet

_KINDS = ("kind", "role", "type")
_RATES = ("rate", "speed", "bandwidth", "capacity")
_CABLES = ("cables", "count", "multiplicity")
_LENGTHS = ("length",)
_DEEPEST = 64
_COUNT = re.compile(r"\d{1,12}(\.0*)?", re.ASCII)
"""A capacity without a unit is a count of equal cables."""


def read_graphml(raw: bytes, sheet: Sheet) -> None:
    """Note what a GraphML file holds.

    Raises:
        StudyError: It is no XML, or declares document types or entities.
    """
    reader = _Reader(sheet)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    reader.parser = parser
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = reader.forbidden
    parser.EntityDeclHandler = reader.forbidden
    parser.ExternalEntityRefHandler = reader.forbidden
    try:
        parser.Parse(raw, True)  # noqa: FBT003 - expat takes no keywords
    except expat.ExpatError as error:
        message = f"the file is not XML: {expat.ErrorString(error.code)}"
        raise sheet.refuse(error.lineno, message, "is the file whole?") from None
    except (ValueError, LookupError) as error:  # an encoding that nobody knows
        raise sheet.refuse(1, f"the file cannot be read: {error}"[:120], "write it in UTF-8") from None
    if not reader.graphs:
        raise sheet.refuse(1, "there is no graph in the file", "is this GraphML?")
    reader.note_edges()


@dataclass(slots=True)
class _Element:
    """A node or an edge while its data is read."""

    name: str
    line: int
    attributes: dict[str, str]
    data: dict[str, str] = field(default_factory=dict[str, str])

    def first(self, names: tuple[str, ...]) -> str:
        return next((self.data[name].strip() for name in names if self.data.get(name, "").strip()), "")


@dataclass(slots=True)
class _Reader:
    sheet: Sheet
    parser: expat.XMLParserType | None = None
    graphs: int = 0
    depth: int = 0
    directed: bool = False
    keys: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])
    defaults: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])
    edges: list[_Element] = field(default_factory=list[_Element])
    open: _Element | None = None
    key: tuple[str, str] | None = None
    said: list[str] | None = None

    @property
    def line(self) -> int:
        return self.parser.CurrentLineNumber if self.parser else 0

    def forbidden(self, *_: object) -> int:
        raise self.sheet.refuse(
            self.line, "the file declares a document type or entities", "GraphML needs none: take the declaration out"
        )

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise self.sheet.refuse(self.line, f"elements are nested more than {_DEEPEST} deep")
        tag = name.rpartition(" ")[2]
        if tag == "key":
            self._start_key(attributes)
        elif tag == "graph":
            self._start_graph(attributes)
        elif tag in ("node", "edge"):
            self.open = _Element(tag, self.line, attributes)
        elif tag == "hyperedge":
            self.sheet.fault(self.line, "a hyperedge joins more than two vertices", "write a switch in its place")
        elif tag in ("data", "default"):
            self.said = []
            if tag == "data":
                kind = self.open.name if self.open else "graph"
                self.key = (kind, attributes.get("key", ""))

    def _start_key(self, attributes: dict[str, str]) -> None:
        identity, title = attributes.get("id", ""), attributes.get("attr.name", "").lower()
        kinds = ("node", "edge") if attributes.get("for", "all") == "all" else (attributes.get("for", "all"),)
        self.keys |= {(kind, identity): title for kind in kinds}
        self.key = (kinds[0], identity)

    def _start_graph(self, attributes: dict[str, str]) -> None:
        self.graphs += 1
        if self.graphs == 2:
            self.sheet.fault(self.line, "there is more than one graph in the file", "leave one of them")
        self.directed = attributes.get("edgedefault") == "directed"

    def text(self, text: str) -> None:
        if self.said is not None:
            self.said.append(text)

    def end(self, name: str) -> None:
        self.depth -= 1
        tag = name.rpartition(" ")[2]
        if tag in ("data", "default") and self.said is not None and self.key is not None:
            said = "".join(self.said)
            if tag == "default":
                self.defaults |= {key: said for key in self.keys if key[1] == self.key[1]}
            elif self.open is not None and self.key in self.keys:
                self.open.data.setdefault(self.keys[self.key], said)
            self.said = None
        elif tag in ("node", "edge") and self.open is not None and self.open.name == tag:
            self._close(self.open)
            self.open = None

    def _close(self, element: _Element) -> None:
        for (kind, identity), said in self.defaults.items():
            if kind == element.name:
                element.data.setdefault(self.keys[kind, identity], said)
        if element.name == "node":
            self.sheet.vertex(element.line, element.attributes.get("id", "").strip(), element.first(_KINDS))
        else:
            self.edges.append(element)

    def note_edges(self) -> None:
        """Note edges, two of opposite directions as one cable; raises StudyError where there are too many."""
        seen: Counter[tuple[str, str]] = Counter()
        for edge in self.edges:
            source, target = (edge.attributes.get(end, "").strip() for end in ("source", "target"))
            directed = edge.attributes.get("directed", "true" if self.directed else "false") == "true"
            if directed and seen[target, source]:
                seen[target, source] -= 1
                continue
            if directed:
                seen[source, target] += 1
            rate, cables = edge.first(_RATES), edge.first(_CABLES)
            if _COUNT.fullmatch(rate) and not cables:
                rate, cables = "", rate.partition(".")[0]
            self.sheet.join(edge.line, (source, target), cables=cables, rate=rate, length=edge.first(_LENGTHS))
