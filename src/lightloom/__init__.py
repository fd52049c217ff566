"""lightloom: plan and simulate AI-training clusters on optical interconnects, from photons to tokens.

Names are looked up when first used, so that importing the package costs milliseconds and a script pays only for the
layers it uses; ``__init__.pyi`` beside this file holds the same table for type checkers and editors.
"""

from importlib import import_module

__version__ = "0.1.0"

_HOMES = {
    "CatalogError": "lightloom.core.errors",
    "Comparison": "lightloom.study.compare",
    "Demand": "lightloom.study.questions.demand",
    "DemandQuestion": "lightloom.study.questions.demand",
    "Evaluation": "lightloom.study.evaluation",
    "FabricShown": "lightloom.study.questions.fabric_show",
    "Fault": "lightloom.core.errors",
    "LightloomError": "lightloom.core.errors",
    "MissingExtraError": "lightloom.core.errors",
    "PodAnswer": "lightloom.study.questions.pod",
    "PodQuestion": "lightloom.study.questions.pod_question",
    "Scenario": "lightloom.study.scenario",
    "StudyError": "lightloom.core.errors",
    "Synthesis": "lightloom.study.questions.synthesis",
    "SynthesisQuestion": "lightloom.study.questions.synthesis_question",
    "calibrate": "lightloom.study.validation.calibrate",
    "compare": "lightloom.study.compare",
    "demand": "lightloom.study.questions.demand",
    "evaluate": "lightloom.study.evaluate",
    "load": "lightloom.study.load",
    "pod": "lightloom.study.questions.pod",
    "render": "lightloom.report.html",
    "show_fabric": "lightloom.study.questions.fabric_show",
    "synthesize": "lightloom.study.questions.synthesis",
    "validate_fabrics": "lightloom.study.validation.fabrics",
    "validate_links": "lightloom.study.validation.links",
    "validate_runs": "lightloom.study.validation.runs",
}


def __getattr__(name: str) -> object:
    """Import a public name from where it lives, the first time it is asked for."""
    if name not in _HOMES:
        message = f"module 'lightloom' has no attribute {name!r}"
        raise AttributeError(message)
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, imported or not."""
    return ["__version__", *_HOMES]
