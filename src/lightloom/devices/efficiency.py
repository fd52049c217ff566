"""How much of an accelerator's measured ceilings training reaches: calibrated, with the rows it came from."""

from typing import ClassVar

from lightloom.core.figures import RatioFigure
from lightloom.core.product import Product


class Efficiency(Product):
    """Few physical parameters of one accelerator.

    Args:
        calibrated_on: Rows of measured runs used; judged rows are not among them.
        matmul_share: Sustained rate of large matrix products, as a share of the best one measured alone.
        narrow_matrix: Size d in the time factor 1 + d (1/M + 1/N + 1/K) of an M x N x K product: what edges cost.
    """

    kind: ClassVar[str] = "efficiency"

    calibrated_on: tuple[str, ...] = ()
    matmul_share: RatioFigure
    narrow_matrix: RatioFigure
