"""Every exporter, one file each; a new one is a file and a line here."""

from lightloom.core.registry import Registry
from lightloom.export.exporter import Exporter
from lightloom.export.exporters.bill_of_materials import BillOfMaterials
from lightloom.export.exporters.cable_schedule import CableSchedule
from lightloom.export.exporters.cabling_plan import CablingPlan
from lightloom.export.exporters.chrome_trace import ChromeTrace
from lightloom.export.exporters.comma_separated import CommaSeparated
from lightloom.export.exporters.demand_matrix import DemandMatrix

EXPORTERS: Registry[Exporter] = Registry(
    "exporter", [CommaSeparated(), BillOfMaterials(), CableSchedule(), CablingPlan(), DemandMatrix(), ChromeTrace()]
)
