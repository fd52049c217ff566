"""What the soft inner code of 200 Gb/s lanes leaves to the outer one, found by drawing blocks and decoding them.

Extended Hamming (128,120), decoded after Chase's second algorithm from the reliability of each bit. There is no closed
form: this is a Monte Carlo run, the same for the same stream.

Source: D. Chase, "A Class of Algorithms for Decoding Block Codes with Channel Measurement Information", IEEE Trans.
Information Theory 18 (1972); the code is that of IEEE P802.3dj for 200 Gb/s a lane beyond 500 m.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lightloom.core.arrays import Booleans, Integers
from lightloom.photonics.errors import q_factor
from lightloom.photonics.fec import BITS_PER_SYMBOL

CODE_BITS = 128
DATA_BITS = 120
TESTED_BITS = 6
"""Least reliable ones, of which every pattern of flips is tried."""

LEAST_BLOCKS = 1_000_000
MOST_TIMES = 8
_AT_ONCE = 2_048

_PARITY = 128
"""Bit of the syndrome that counts errors; the seven below it are the address of a lone one."""


@dataclass(frozen=True, slots=True)
class InnerCode:
    """Shares counted in a Monte Carlo run.

    Args:
        block_errors: Blocks with any of their 128 bits wrong.
        bit_errors: Wrong bits among the 120 of data.
        symbol_errors: Symbols of ten data bits, as the outer code takes them, with any bit wrong.
        blocks: Blocks drawn.
    """

    block_errors: float
    bit_errors: float
    symbol_errors: float
    blocks: int


def decode_at(
    bit_errors: float, generator: np.random.Generator, *, blocks: int = LEAST_BLOCKS, wanted_errors: int = 0
) -> InnerCode:
    """Draw blocks over a line with that bit error ratio, decode them and count what is left.

    Args:
        bit_errors: Before decoding, of Gray-coded PAM4 in white Gaussian noise.
        generator: Where noise comes from.
        blocks: To draw at least.
        wanted_errors: Go on beyond until so many blocks were wrong, up to eight times as far; the relative standard
            deviation of the block error ratio is one over its square root.

    Leaves out: other noise than white and Gaussian; the convolutional interleaver, which only spreads what is left.
        Sent symbols are drawn independently, as from a scrambler, and the errors decoded: the decoder of a linear code
        does the same to every word of it.
    """
    reach = np.float32(q_factor(bit_errors))
    counts, drawn = np.zeros(3, dtype=np.int64), 0
    while drawn < blocks or (counts[0] < wanted_errors and drawn < MOST_TIMES * blocks):
        wrong, reliability = _receive(_AT_ONCE, reach, generator)
        left = _decode(wrong, reliability)
        data = left[:, :DATA_BITS]
        symbols = data.reshape(-1, DATA_BITS // BITS_PER_SYMBOL, BITS_PER_SYMBOL).any(axis=2)
        counts += np.array([left.any(axis=1).sum(), data.sum(), symbols.sum()])
        drawn += _AT_ONCE
    words, bits, symbols = (float(count) for count in counts)
    return InnerCode(words / drawn, bits / drawn / DATA_BITS, symbols * BITS_PER_SYMBOL / drawn / DATA_BITS, drawn)


def _receive(blocks: int, reach: np.float32, generator: np.random.Generator) -> tuple[Booleans, NDArray[np.float32]]:
    """Which bits a hard decision gets wrong, and how reliable each is; both (blocks hit, 128).

    Blocks without a wrong bit are left out: they are codewords already, and no other is as near. Levels stand at -3,
    -1, 1 and 3 with bits 00, 01, 11 and 10, ``reach`` times the noise from each decision. Noise does not know the sign
    of a level, so only the positive half is sent.
    """
    noise = generator.standard_normal((blocks, CODE_BITS // 2), dtype=np.float32)
    noise = noise[(noise.max(axis=1) > reach) | (noise.min(axis=1) < -reach)] / reach
    outer = generator.integers(0, 2, noise.shape, dtype=np.uint8).astype(np.bool_)
    signal = noise + np.where(outer, np.float32(3.0), np.float32(1.0))
    height = np.abs(signal)
    wrong = np.stack([signal < 0, (height > 2) != outer], axis=2).reshape(-1, CODE_BITS)
    hit = wrong.any(axis=1)
    return wrong[hit], _reliability(height[hit])


def _reliability(height: NDArray[np.float32]) -> NDArray[np.float32]:
    """How sure the two bits of each symbol are, in turn; ``height`` is the received level without its sign.

    Max-log: the difference of squared distances to the nearest levels of either bit value, over four. The noise power
    that would make it a likelihood ratio is common to all.
    """
    return np.stack([np.maximum(height, 2 * height - 2), np.abs(height - 2)], axis=2).reshape(-1, CODE_BITS)


def _decode(wrong: Booleans, reliability: NDArray[np.float32]) -> Booleans:
    """Wrong bits after the decoder, which changes the bits of least summed reliability that make a codeword."""
    row: Integers = np.arange(len(wrong), dtype=np.int64)
    rows = row[:, None]
    tried = np.argpartition(reliability, TESTED_BITS, axis=1)[:, :TESTED_BITS].astype(np.int64)
    flips = _patterns()
    cost = reliability[rows, tried] @ flips.T.astype(np.float32)
    syndrome = _syndrome(wrong)[:, None] ^ _flipped(tried | _PARITY)
    address, lone = syndrome & (_PARITY - 1), syndrome >= _PARITY
    cost += np.where(lone, reliability[rows, address], np.float32(0.0))
    cost[~lone & (address > 0)] = np.inf
    best = np.argmin(cost, axis=1)
    left = wrong.copy()
    left[rows, tried] ^= flips[best]
    ended = np.flatnonzero(lone[row, best])
    left[ended, address[ended, best[ended]]] ^= True
    return left


def _patterns() -> Booleans:
    """Every way to flip the tested bits; (64, 6)."""
    return (np.arange(1 << TESTED_BITS)[:, None] >> np.arange(TESTED_BITS) & 1).astype(np.bool_)


def _flipped(columns: Integers) -> Integers:
    """What each pattern of flips adds to the syndrome; (blocks, 64)."""
    added = np.zeros((columns.shape[0], 1), dtype=np.int64)
    for bit in range(columns.shape[1]):
        added = np.concatenate([added, added ^ columns[:, bit : bit + 1]], axis=1)
    return added


def _syndrome(wrong: Booleans) -> Integers:
    """Sum, bit by bit and without carry, of the parity-check columns of the wrong bits; every block has some."""
    block, position = np.nonzero(wrong)
    row: Integers = np.arange(len(wrong), dtype=np.int64)
    first: Integers = np.searchsorted(block, row)
    return np.bitwise_xor.reduceat(position | _PARITY, first)
