"""Model architectures, one file each: how a config.json becomes a :class:`Model`."""

from lightloom.core.registry import Registry
from lightloom.workload.architecture import Architecture
from lightloom.workload.architectures.bloom import Bloom
from lightloom.workload.architectures.gpt2 import Gpt2
from lightloom.workload.architectures.llama import Llama
from lightloom.workload.architectures.mixtral import Mixtral
from lightloom.workload.architectures.mpt import Mpt
from lightloom.workload.architectures.qwen2 import Qwen2
from lightloom.workload.architectures.qwen3 import Qwen3
from lightloom.workload.architectures.qwen3_moe import Qwen3Moe

ARCHITECTURES: Registry[type[Architecture]] = Registry(
    "architecture", [Llama, Qwen2, Qwen3, Mixtral, Qwen3Moe, Gpt2, Mpt, Bloom]
)
