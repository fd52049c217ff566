"""Answers as data frames, for those who have pandas: it is an extra, imported when asked for."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lightloom.core.errors import Fault, MissingExtraError

if TYPE_CHECKING:  # pandas is an extra
    from pandas import DataFrame


def frame_of(rows: Sequence[object], columns: Sequence[str] | None = None) -> "DataFrame":
    """Return a data frame.

    Args:
        rows: Mappings, or tuples in the order of ``columns``.
        columns: Their names; None where the rows are mappings.

    Raises:
        MissingExtraError: pandas is not installed.
    """
    try:
        import pandas as pd  # noqa: PLC0415 - an extra
    except ImportError:
        raise MissingExtraError(Fault("", "data frames need pandas", "install lightloom[frames]")) from None
    return pd.DataFrame(list(rows), columns=None if columns is None else list(columns))
