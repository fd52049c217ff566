"""The dimensions of parallelism, in the one order every column follows."""

from enum import IntEnum


class Dimension(IntEnum):
    """Along what a job is split over accelerators; the value is the column."""

    TENSOR = 0
    CONTEXT = 1
    PIPELINE = 2
    EXPERT = 3
    DATA = 4

    @property
    def key(self) -> str:
        """The word used in study files and results."""
        return self.name.lower()
