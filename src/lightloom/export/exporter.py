"""An exporter owns one format: what it is called, what it holds, and how an evaluation is written in it."""

from abc import ABC, abstractmethod
from typing import ClassVar

from lightloom.study.evaluation import Evaluation


class Exporter(ABC):
    """One format that answers can be written in."""

    kind: ClassVar[str]
    suffix: ClassVar[str]
    """Customary end of a file's name, with its dot."""
    description: ClassVar[str]
    """What a file of it holds, in a few words."""
    signature: ClassVar[str]
    """How every file it writes begins; no other program's file does. Tells whether a file may be written over."""

    @abstractmethod
    def write(self, evaluation: Evaluation) -> str:
        """Return the whole file as text that ends with a line; the same evaluation gives the same text.

        Raises:
            StudyError: The evaluation lacks what the format is made of, as where the job never takes a step.
        """
