"""The cabling of a scenario's fabric, as its ``fabric.cabling`` has it laid."""

from lightloom.fabric.laying.plan import CablePlan, lay_cables
from lightloom.study.design import design_of
from lightloom.study.scenario import Scenario


def cable_plan_of(scenario: Scenario) -> CablePlan:
    """Return cables, trunks, panels and trays of a scenario.

    Raises:
        StudyError: The fabric cannot be built.
    """
    spec = scenario.fabric
    return lay_cables(design_of(scenario).fabric, spec.floorplan, spec.cabling)
