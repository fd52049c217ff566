"""Random streams, each from an explicit seed and the name of who asks: same input, same draws."""

import hashlib

import numpy as np


def stream(seed: int, name: str) -> np.random.Generator:
    """Return the generator of one consumer; two names never share draws.

    Args:
        seed: The scenario's seed.
        name: Who draws, such as ``"yield"``; part of the reproducible input.
    """
    digest = hashlib.sha256(name.encode()).digest()
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, int.from_bytes(digest[:8], "big")])))
