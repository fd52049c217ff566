"""One number or a sweep of them: the types that formulas take and return."""

from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]
Booleans: TypeAlias = NDArray[np.bool_]
Number: TypeAlias = float | Floats

AnyArray = TypeVar("AnyArray", bound=NDArray[np.generic])


def frozen(array: AnyArray) -> AnyArray:
    """Return the array, made read-only, so that a result that holds it cannot change."""
    array.flags.writeable = False
    return array
