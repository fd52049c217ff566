"""Rates one accelerator sustains under one software stack, as numbers or columns."""

from dataclasses import dataclass, replace
from typing import Self

from lightloom.core.arrays import Number
from lightloom.devices.accelerator import Accelerator
from lightloom.devices.efficiency import Efficiency
from lightloom.workload.stack import StackProfile


@dataclass(frozen=True, slots=True, eq=False)
class Hardware:
    """What computation costs; every field is one number or shape (rows,).

    Args:
        matmul: FLOP/s of large products, 16-bit inputs.
        matmul_fp8: FLOP/s, 8-bit inputs; 0 where the accelerator has none.
        narrow_matrix: See :class:`lightloom.devices.efficiency.Efficiency`.
        attention: FLOP/s of fused attention.
        memory: Bytes/s of streaming memory.
        host_time: Seconds to launch a layer's kernels, one pass.
    """

    matmul: Number
    matmul_fp8: Number
    narrow_matrix: Number
    attention: Number
    memory: Number
    host_time: Number

    @classmethod
    def of(cls, accelerator: Accelerator, efficiency: Efficiency, stack: StackProfile) -> Self:
        """Return the rates from measured ceilings, never from peaks; the caller has checked that they are known."""
        ceiling = accelerator.matmul_bf16.value if accelerator.matmul_bf16 else 0.0
        narrow_ceiling = accelerator.matmul_fp8.value if accelerator.matmul_fp8 else 0.0
        stream = accelerator.memory_stream or accelerator.memory_bandwidth
        share = efficiency.matmul_share.value * stack.matmul_share.value
        return cls(
            matmul=share * ceiling,
            matmul_fp8=share * narrow_ceiling,
            narrow_matrix=efficiency.narrow_matrix.value,
            attention=stack.attention_share.value * ceiling,
            memory=stream.value,
            host_time=stack.host_time.value,
        )

    def sped_up(self, *, arithmetic: Number = 1.0, memory: Number = 1.0, host: Number = 1.0) -> Self:
        """Return rates times factors, for sensitivities."""
        return replace(
            self,
            matmul=self.matmul * arithmetic,
            matmul_fp8=self.matmul_fp8 * arithmetic,
            attention=self.attention * arithmetic,
            memory=self.memory * memory,
            host_time=self.host_time / host,
        )
