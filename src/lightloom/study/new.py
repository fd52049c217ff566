"""A study to start from, small and commented; also where messages take their examples from."""

import functools

import yaml

from lightloom.study.document import parse_document
from lightloom.study.node import KeyPath

STARTER = """\
# A lightloom study: what is trained, how, on which cluster. Try:
#   lightloom run THIS_FILE
#   lightloom run THIS_FILE --set recipe.parallel.tensor=4 --set recipe.parallel.data=64
# 'lightloom catalog' lists the names that can stand here; quantities carry their units.
# A study may also begin with 'extends: other-study' and say only what differs.

name: Llama 3.1 70B on 256 H100s

model: llama-3.1-70b                    # a catalog name, or the path of a config.json

recipe:
  sequence: 8192
  batch: 512 sequences
  parallel: {tensor: 8, pipeline: 4, data: 8}
  order: [tensor, context, data, pipeline]            # fastest-varying first, from a node outwards
  micro_batch: 1
  precision: bf16                       # or fp8
  schedule: {kind: interleaved-1f1b, chunks: 5}       # or 1f1b
  sharding: zero-1                      # none, zero-1, zero-2, zero-3
  recompute: none                       # none, selective, full
  stack: megatron-core
  train_for: 1 T tokens

cluster:
  accelerator: h100-sxm-80gb            # or {like: h100-sxm-80gb, scale_up_bandwidth: 600 GB/s}
  count: 256
  node: dgx-h100

job: {accelerators: 256, spares: 0}

fabric:
  scale_up: {topology: switched, domain: 8, link: nvlink4}
  scale_out:
    topology: rail-optimised            # or clos
    levels: 2
    switch: quantum-2
    links: {host: auto, leaf: auto}     # auto: the cheapest product that reaches
  floorplan: {nodes_per_rack: 4, racks_per_row: 16, row_pitch: 3.6 m}

storage: {read: 100 GB/s, write: 100 GB/s, capacity: 10 PB}

operation:
  electricity: 0.08 USD/kWh
  pue: 1.2
  lifetime: 4 years
  capital_cost: 8 %/year
  failures: llama3-54-days
  checkpoint: {mode: async, interval: auto}
"""


def starter() -> str:
    """Return the text of a small, valid, commented study."""
    return STARTER


@functools.cache
def example(path: KeyPath) -> str:
    """Return how the starter writes an entry, such as ``sequence: 8192``; empty if it does not hold it."""
    node = parse_document(STARTER, "starter").find(path)
    if node is None or not path:
        return ""
    written = yaml.safe_dump({str(path[-1]): node.plain}, default_flow_style=True, width=1000, sort_keys=False)
    text = written.strip().removeprefix("{").removesuffix("}")
    return text if len(text) <= 100 else f"{path[-1]}: …"
