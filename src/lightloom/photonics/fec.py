"""What forward error correction leaves: the outer Reed-Solomon code called KP4, for lone errors and for bursts.

Source: RS(544,514) over symbols of 10 bits, 15 of them correctable, IEEE Std 802.3 clause 91.
"""

import numpy as np
from scipy import special

from lightloom.core.arrays import Floats, Number

CODE_SYMBOLS = 544
CORRECTABLE_SYMBOLS = 15
BITS_PER_SYMBOL = 10
PAM4_SYMBOLS = 5
"""Of the line in one symbol of the code."""

FRAME_OCTETS_PER_CODEWORD = 642.5
"""Octets of a codeword's 514 data symbols: a frame longer by so many touches one more codeword."""

LONGEST_BURST = 1024
"""Symbols of the code; what a codeword gets beyond is counted at that length."""


def symbol_error_ratio(bit_errors: Number) -> Number:
    """Share of code symbols with a wrong bit: 1 - (1 - ber)^10, exact for tiny ratios."""
    right: Floats = np.log1p(np.negative(np.asarray(bit_errors, dtype=np.float64)))
    return np.negative(np.expm1(BITS_PER_SYMBOL * right))


def bit_error_ratio_of_symbols(symbol_errors: Number) -> Number:
    """Inverse of :func:`symbol_error_ratio`."""
    right: Floats = np.log1p(np.negative(np.asarray(symbol_errors, dtype=np.float64)))
    return np.negative(np.expm1(right / BITS_PER_SYMBOL))


def uncorrected_ratio(symbol_errors: Number) -> Number:
    """Share of codewords with more symbol errors than can be corrected: P(Binomial(544, p) > 15).

    Args:
        symbol_errors: Share of code symbols in error, independent of each other; of the line, or of an inner decoder.
    """
    tail = special.betainc(
        CORRECTABLE_SYMBOLS + 1, CODE_SYMBOLS - CORRECTABLE_SYMBOLS, np.asarray(symbol_errors, dtype=np.float64)
    )
    return np.asarray(tail, dtype=np.float64)


def symbol_error_ratio_at(codeword_errors: Number) -> Number:
    """Inverse of :func:`uncorrected_ratio`."""
    share = special.betaincinv(
        CORRECTABLE_SYMBOLS + 1, CODE_SYMBOLS - CORRECTABLE_SYMBOLS, np.asarray(codeword_errors, dtype=np.float64)
    )
    return np.asarray(share, dtype=np.float64)


def codeword_error_ratio(bit_errors: Number) -> Number:
    """Share of KP4 codewords left uncorrected when bit errors are independent.

    Leaves out: bursts, which are worse; see :func:`burst_codeword_error_ratio`.
    """
    return uncorrected_ratio(symbol_error_ratio(bit_errors))


def bit_error_ratio_before(codeword_errors: Number) -> Number:
    """Bit error ratio before correction that leaves this share; inverse of :func:`codeword_error_ratio`."""
    return bit_error_ratio_of_symbols(symbol_error_ratio_at(codeword_errors))


def frame_loss_ratio(codeword_errors: Number, *, codewords: Number) -> Number:
    """Share of 64-octet frames lost: I CER (1 + 1/(8 I)) with I interleaved codewords.

    Source: IEEE Std 802.3 frame loss ratio of 1.7e-12 at 2.4e-4 bit errors, which this reproduces for I = 2.
    """
    return codewords * np.asarray(codeword_errors) * (1.0 + 1.0 / (8.0 * codewords))


def codeword_error_ratio_of_frames(frame_loss: Number, *, codewords: Number) -> Number:
    """Inverse of :func:`frame_loss_ratio`."""
    return np.asarray(frame_loss) / (codewords + 0.125)


def long_frame_loss_ratio(codeword_errors: Number, *, codewords: Number, frame_octets: Number) -> Number:
    """Share of frames of any length lost: I CER (1 + octets/(642.5 I)).

    Args:
        codeword_errors: Share of codewords left uncorrected.
        codewords: Interleaved on the link.
        frame_octets: Length of a frame; that of 64 octets is nearer :func:`frame_loss_ratio`.
    """
    spread = frame_octets / (FRAME_OCTETS_PER_CODEWORD * codewords)
    return codewords * np.asarray(codeword_errors) * (1.0 + spread)


def block_time(*, coded_rate_bps: Number, codewords: Number) -> Number:
    """Seconds until a receiver holds the codewords it decodes together: the least any decoder adds to latency.

    Args:
        coded_rate_bps: Of the link with the code's overhead: 425 Gb/s for 400GbE.
        codewords: Interleaved on the link.

    Leaves out: the decoder's own pipeline, about as much again.
    """
    return codewords * float(CODE_SYMBOLS * BITS_PER_SYMBOL) / coded_rate_bps


def burst_codeword_error_ratio(bit_errors: Number, *, continuation: float, codewords: int = 1) -> Number:
    """Share of codewords left uncorrected when errors come in bursts, as a decision-feedback equaliser makes them.

    Bursts of wrong PAM4 symbols start as a Poisson process; each goes on to the next symbol with the same probability,
    so that their mean stays ``bit_errors``. A burst of k PAM4 symbols covers floor((k-1)/5) + 1 symbols of the code, or
    one more; those are dealt round robin to the interleaved codewords. The symbol errors of one codeword are then a
    compound Poisson sum, summed up beyond 15 by Panjer's recursion.

    Args:
        bit_errors: Mean ratio before correction, bursts included.
        continuation: Probability that a wrong PAM4 symbol makes the next one wrong too, 0 … 1; 0 is lone errors.
        codewords: Interleaved symbol by symbol.

    Leaves out: bursts that overlap are counted twice, 10 to 25 % too many losses where half a codeword is in error;
        multiplexing by bits, which breaks symbols up.
    Source: Panjer (1981), ASTIN Bulletin 12, "Recursive evaluation of a family of compound distributions".
    """
    bits = np.asarray(bit_errors, dtype=np.float64)
    bursts = 2.0 * bits * (1.0 - continuation) * (CODE_SYMBOLS * PAM4_SYMBOLS) * codewords
    return _compound_tail(bursts, _symbols_hit(continuation, codewords))


def _symbols_hit(continuation: float, codewords: int) -> Floats:
    """Probability that one burst makes 0, 1, 2 … symbols of one codeword wrong."""
    longest = _longest(continuation, codewords)
    blocks = np.arange(longest * codewords)  # of five line symbols, which a burst fills before its last one
    widths = np.zeros(blocks.size + 2)  # widths[w - 1]: probability of touching w symbols of the code
    for offset in range(PAM4_SYMBOLS):
        lengths = (1.0 - continuation) * np.power(continuation, PAM4_SYMBOLS * blocks + offset)
        widths[: blocks.size] += lengths * (1.0 - offset / PAM4_SYMBOLS)
        widths[1 : blocks.size + 1] += lengths * (offset / PAM4_SYMBOLS)
    widths[-1] = continuation ** float(PAM4_SYMBOLS * blocks.size)  # all longer ones
    sure, left = np.divmod(1 + np.arange(widths.size), codewords)
    hit = np.zeros(longest + 4)
    np.add.at(hit, sure, widths * (1.0 - left / codewords))
    np.add.at(hit, sure + 1, widths * (left / codewords))
    return hit


def _longest(continuation: float, codewords: int) -> int:
    """Most symbols of one codeword that a burst need be followed for.

    Beyond, it is rarer by 1e-13 than one just too long to correct.
    """
    decay = -PAM4_SYMBOLS * codewords * np.log(np.maximum(continuation, 1e-9))
    return int(np.minimum(CORRECTABLE_SYMBOLS + 1 + np.ceil(30.0 / decay), LONGEST_BURST))


def _compound_tail(bursts: Floats, hit: Floats) -> Floats:
    """P(sum > 15) of a Poisson number of bursts, each with its own number of symbols; relative precision to the last.

    The recursion goes on until the tail has ended where that is small, else one less the head is precise.
    """
    struck = bursts * (1.0 - hit[0])
    weighted = np.arange(hit.size) * hit
    exact = np.zeros((hit.size + 4 * CORRECTABLE_SYMBOLS, *np.shape(bursts)))
    exact[0] = np.exp(-struck)
    for total in range(1, exact.shape[0]):
        steps = min(total, hit.size - 1)
        earlier = exact[total - steps : total][::-1]
        exact[total] = bursts / total * np.tensordot(weighted[1 : steps + 1], earlier, axes=1)
    head: Floats = exact[: CORRECTABLE_SYMBOLS + 1].sum(axis=0)
    tail: Floats = exact[CORRECTABLE_SYMBOLS + 1 :].sum(axis=0)
    return np.where(head < 0.5, 1.0 - head, tail)
