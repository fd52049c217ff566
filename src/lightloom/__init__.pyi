from lightloom.core.errors import CatalogError as CatalogError
from lightloom.core.errors import Fault as Fault
from lightloom.core.errors import LightloomError as LightloomError
from lightloom.core.errors import MissingExtraError as MissingExtraError
from lightloom.core.errors import StudyError as StudyError
from lightloom.report.html import render as render
from lightloom.study.compare import Comparison as Comparison
from lightloom.study.compare import compare as compare
from lightloom.study.evaluate import evaluate as evaluate
from lightloom.study.evaluation import Evaluation as Evaluation
from lightloom.study.load import load as load
from lightloom.study.questions.demand import Demand as Demand
from lightloom.study.questions.demand import DemandQuestion as DemandQuestion
from lightloom.study.questions.demand import demand as demand
from lightloom.study.questions.fabric_show import FabricShown as FabricShown
from lightloom.study.questions.fabric_show import show_fabric as show_fabric
from lightloom.study.questions.pod import PodAnswer as PodAnswer
from lightloom.study.questions.pod import pod as pod
from lightloom.study.questions.pod_question import PodQuestion as PodQuestion
from lightloom.study.scenario import Scenario as Scenario
from lightloom.study.validation.calibrate import calibrate as calibrate
from lightloom.study.validation.fabrics import validate_fabrics as validate_fabrics
from lightloom.study.validation.links import validate_links as validate_links
from lightloom.study.validation.runs import validate_runs as validate_runs

__version__: str
