"""An accelerator: what its matrix units reach, what its memory holds, how fast its links are."""

from typing import ClassVar, Self

from pydantic import model_validator

from lightloom.core.figures import (
    BandwidthFigure,
    BytesFigure,
    CountFigure,
    FlopRateFigure,
    MoneyFigure,
    PowerFigure,
    YearFigure,
)
from lightloom.core.product import Product
from lightloom.core.provenance import Figure


class Accelerator(Product):
    """One accelerator package.

    Peaks and labels are what vendors print; models use the measured ceilings, the usable memory and the sustained
    memory bandwidth. A precision the device lacks has neither peak nor ceiling.

    Args:
        peak_bf16: Dense BF16 peak, FLOP/s.
        peak_fp8: Dense FP8 peak, FLOP/s.
        matmul_bf16: Best BF16 matrix product measured over many shapes, FLOP/s.
        matmul_fp8: Likewise FP8.
        memory_label: Memory as advertised, bytes.
        memory_usable: Memory the driver offers, bytes.
        memory_bandwidth: Nominal memory bandwidth, bytes/s.
        memory_stream: Memory bandwidth sustained in a STREAM test, bytes/s.
        scale_up_bandwidth: All scale-up links together, one way, bytes/s.
        scale_up_domain: Accelerators joined by them in the product as sold.
        host_bandwidth: Link to the host, one way, bytes/s.
        power_tdp: Rated power of the package, W.
        price: One accelerator bought alone, USD; nodes have a price of their own, which contains it.
        year: When it was first sold, for axes of time; no result depends on it.
    """

    kind: ClassVar[str] = "accelerator"

    peak_bf16: FlopRateFigure
    peak_fp8: FlopRateFigure | None = None
    matmul_bf16: FlopRateFigure
    matmul_fp8: FlopRateFigure | None = None
    memory_label: BytesFigure
    memory_usable: BytesFigure
    memory_bandwidth: BandwidthFigure
    memory_stream: BandwidthFigure
    scale_up_bandwidth: BandwidthFigure
    scale_up_domain: CountFigure
    host_bandwidth: BandwidthFigure
    power_tdp: PowerFigure
    price: MoneyFigure | None = None
    year: YearFigure | None = None

    @model_validator(mode="after")
    def _ceilings_lie_below_peaks(self) -> Self:
        _at_most("matmul_bf16", self.matmul_bf16, "peak_bf16", self.peak_bf16)
        _at_most("matmul_fp8", self.matmul_fp8, "peak_fp8", self.peak_fp8)
        _at_most("memory_stream", self.memory_stream, "memory_bandwidth", self.memory_bandwidth)
        return self


def _at_most(name: str, figure: Figure | None, limit_name: str, limit: Figure | None) -> None:
    if figure is None:
        return
    if limit is None:
        message = f"{name} needs {limit_name}: a ceiling was stated for a precision without a peak"
        raise ValueError(message)
    if figure.value > limit.value:
        message = (
            f"{name} ({figure.value:.4g}) is above {limit_name} ({limit.value:.4g}); "
            f"what is measured cannot exceed the dense peak: set both"
        )
        raise ValueError(message)
