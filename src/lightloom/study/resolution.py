"""From a merged document to everything a result depends on: validate, resolve, check; every fault in one go."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from lightloom.accounts import operation as operations
from lightloom.accounts.operation import Operation, OperationSpec, Storage, StorageSpec
from lightloom.catalog import loading, products
from lightloom.core.errors import CatalogError, Fault, LightloomError, StudyError
from lightloom.core.product import Product
from lightloom.devices.accelerator import Accelerator
from lightloom.devices.circuit_switch import CircuitSwitch
from lightloom.devices.efficiency import Efficiency
from lightloom.devices.line_system import LineSystem
from lightloom.devices.nic import Nic
from lightloom.devices.node import Node as NodeProduct
from lightloom.devices.packet_switch import PacketSwitch
from lightloom.devices.receiver import Receiver
from lightloom.devices.transport import Transport
from lightloom.engine.circuits import Scheduler
from lightloom.fabric.spec import FabricSpec
from lightloom.photonics.parts import LinkParts
from lightloom.photonics.product import LinkProduct
from lightloom.study import checks, names
from lightloom.study.drawings import drawn
from lightloom.study.faults import faults_of, in_order
from lightloom.study.node import KeyPath, Node
from lightloom.study.schema import ClusterSpec, JobSpec, LikeSpec, ModelSpec, StudyFile
from lightloom.workload.model import Model
from lightloom.workload.recipe import Recipe
from lightloom.workload.stack import StackProfile

T = TypeVar("T")
P = TypeVar("P", bound=Product)


@dataclass(frozen=True)
class Resolved:
    """Everything a result depends on.

    Args:
        name: As results show it.
        model: What is trained.
        recipe: How.
        stack: What the framework keeps, fuses and hides.
        accelerator: With the study's changes.
        efficiency: How much of its ceilings training reaches.
        node: Likewise.
        nic: The node's scale-out network card.
        count: Accelerators of the cluster.
        job: What of them the job has.
        fabric: How they are wired, as written.
        circuits: Who sets its circuits, and when.
        packet_switches: Every one of the catalog.
        circuit_switches: Every one of the catalog.
        links: Every link product of the catalog: what ``auto`` chooses among.
        lines: Every line between sites of the catalog.
        link_parts: What is known of links failing by part.
        transports: Every one of the catalog.
        receivers: Every class of the catalog.
        storage: Where data and checkpoints are.
        operation: What running it costs.
        seed: Of every random draw.
    """

    name: str
    model: Model
    recipe: Recipe
    stack: StackProfile
    accelerator: Accelerator
    efficiency: Efficiency
    node: NodeProduct
    nic: Nic
    count: int
    job: JobSpec
    fabric: FabricSpec
    circuits: Scheduler
    packet_switches: tuple[PacketSwitch, ...]
    circuit_switches: tuple[CircuitSwitch, ...]
    links: tuple[LinkProduct, ...]
    lines: tuple[LineSystem, ...]
    link_parts: LinkParts
    transports: tuple[Transport, ...]
    receivers: tuple[Receiver, ...]
    storage: Storage
    operation: Operation
    seed: int


def resolved(document: Node) -> Resolved:
    """Return what a merged document means.

    Raises:
        StudyError: It cannot be used as written; every fault, with file and line, in the order of the document.
    """
    found = _Finding(document)
    study = found.study()
    operation = found.operation(study)
    pieces: dict[str, Any] = {
        "model": found.model(study),
        "stack": found.stack(study),
        "fabric": found.fabric(study),
        "operation": operation,
        "storage": found.storage(study, operation),
        **found.cluster(),
        **found.shelves(),
    }
    found.check(study, pieces)
    if found.faults:
        raise StudyError(in_order(found.faults, document))
    whole: dict[str, Any] = {key: getattr(study, key) for key in ("name", "recipe", "job", "circuits", "seed")}
    count = cast("ClusterSpec", study.cluster).count
    return Resolved(**whole, **pieces, count=count)


@dataclass(frozen=True, slots=True)
class _Sections:
    """The sections of a study that are valid by themselves; the others None."""

    name: str | None = None
    model: ModelSpec | None = None
    recipe: Recipe | None = None
    cluster: ClusterSpec | None = None
    job: JobSpec | None = None
    fabric: FabricSpec | None = None
    circuits: Scheduler | None = None
    storage: StorageSpec | None = None
    operation: OperationSpec | None = None
    seed: int | None = None


@dataclass(slots=True)
class _Finding:
    """Finds what it can, and collects what is wrong with the rest."""

    document: Node
    faults: list[Fault] = field(default_factory=list[Fault])
    unknown: list[Fault] = field(default_factory=list[Fault])

    def study(self) -> _Sections:
        """Validate every section, and look up every catalog name in all of them."""
        plain = cast("dict[str, Any]", self.document.plain)
        try:
            sections = dict(StudyFile.model_validate(plain))
        except ValidationError as error:
            faults = faults_of(error, self.document, StudyFile)
            self.faults += faults
            sections = _intact(plain, {fault.key.partition(".")[0] for fault in faults})
        except LightloomError as error:
            self.faults += [one if one.file else self.document.fault((), one.message, one.hint) for one in error.faults]
            sections = {}
        self.unknown = names.unknown(self.document)
        self.faults += self.unknown
        return _Sections(**sections)

    def model(self, study: _Sections) -> Model | None:
        """What is trained."""
        spec = study.model
        return None if spec is None else self._attempt(lambda: names.model(spec, self.document), ("model",))

    def stack(self, study: _Sections) -> StackProfile | None:
        """The stack profile of the recipe."""
        if study.recipe is None or study.recipe.stack not in loading.names("stacks"):
            return None
        name = study.recipe.stack
        return self._attempt(lambda: loading.read("stacks", name, StackProfile), ("recipe", "stack"))

    def fabric(self, study: _Sections) -> FabricSpec | None:
        """How the cluster is wired, with what is drawn in files."""
        spec = study.fabric
        return None if spec is None else self._attempt(lambda: drawn(spec, self.document), ("fabric",))

    def storage(self, study: _Sections, operation: Operation | None) -> Storage | None:
        """The storage system."""
        spec, cluster = study.storage, study.cluster
        if operation is None or cluster is None or self._names_nothing("storage"):
            return None
        count = cluster.count
        return self._attempt(lambda: operations.resolve_storage(spec, operation, accelerators=count), ("storage",))

    def operation(self, study: _Sections) -> Operation | None:
        """The operation, nothing left open."""
        spec = study.operation
        if spec is None or self._names_nothing("operation"):
            return None
        return self._attempt(lambda: operations.resolve(spec), ("operation",))

    def cluster(self) -> Mapping[str, Any]:
        """Accelerator, how well it is used, node and network card; those that can be read, whatever their count."""
        chip = self._product("accelerator", "accelerators", Accelerator)
        used = None if chip is None else self._attempt(lambda: _efficiency(chip.name), ("cluster", "accelerator"))
        node = self._product("node", "nodes", NodeProduct)
        nic = None if node is None else self._attempt(lambda: products.nic(node.nic), ("cluster", "node", "nic"))
        return {"accelerator": chip, "efficiency": used, "node": node, "nic": nic}

    def shelves(self) -> Mapping[str, Any]:
        """The whole shelves of the catalog that the fabric chooses from."""
        return {
            "packet_switches": products.packet_switch.every(),
            "circuit_switches": products.circuit_switch.every(),
            "links": tuple(products.links().values()),
            "lines": products.line_system.every(),
            "link_parts": products.link_parts(),
            "transports": products.transport.every(),
            "receivers": products.receiver.every(),
        }

    def check(self, study: _Sections, pieces: Mapping[str, Any]) -> None:
        """Hold the sections that are valid against one another."""
        recipe, job, document = study.recipe, study.job, self.document
        node, model = cast("NodeProduct | None", pieces.get("node")), cast("Model | None", pieces.get("model"))
        if study.cluster is not None and node is not None and job is not None and pieces.get("accelerator") is not None:
            self.faults += checks.check_cluster(study.cluster, node, job, document)
        if recipe is None:
            return
        self.faults += checks.check_recipe(recipe, document)
        if job is not None:
            self.faults += checks.check_size(recipe, job, document)
        if model is not None:
            self.faults += checks.check_model(recipe, model, document)

    def _names_nothing(self, section: str) -> bool:
        """Whether something named in a section is not to be had."""
        return any(fault.key.partition(".")[0] == section for fault in self.unknown)

    def _product(self, key: str, folder: str, kind: type[P]) -> P | None:
        path = ("cluster", key)
        written = self.document.find(path)
        try:
            spec = LikeSpec.model_validate(written.plain if written is not None else None)
        except ValidationError:
            return None  # told with its section
        return self._attempt(lambda: names.product(spec, folder, kind, self.document, path), path)

    def _attempt(self, make: Callable[[], T], path: KeyPath) -> T | None:
        try:
            return make()
        except StudyError as error:
            self.faults += error.faults
        except CatalogError as error:
            self.faults += [
                one if one.file else self.document.fault(path, one.message, one.hint) for one in error.faults
            ]
        return None


def _efficiency(accelerator: str) -> Efficiency:
    known = loading.names("calibrations")
    if accelerator not in known:
        message = f"no measured run calibrates '{accelerator}'"
        raise CatalogError(Fault("", message, f"known: {', '.join(known)}"))
    return loading.read("calibrations", accelerator, Efficiency)


def _intact(plain: Mapping[str, Any], broken: Iterable[str]) -> dict[str, Any]:
    """Validate the sections in which no fault was found, so that what they name can be looked up as well."""
    sections: dict[str, Any] = {}
    for name, entry in StudyFile.model_fields.items():
        if name in plain and name not in broken:
            kind: Any = entry.annotation
            if entry.metadata:
                kind = Annotated[kind, *entry.metadata]
            sections[name] = TypeAdapter[Any](kind).validate_python(plain[name])
        elif name not in broken and not entry.is_required():
            sections[name] = entry.default
    return sections
