"""Random numbers that a page and a Python program draw alike: Philox 4x32-10 counted from a seed.

A number is a function of its place and carries no state: word k of (seed, stream) can be computed
without its predecessors, on any machine, with the same bits. The layout, for who draws the same
numbers elsewhere (the book's pages do, in JavaScript):

- *key*: two 32-bit words (seed, stream), both in [0, 2³²).
- *block* b = 0, 1, 2, ...: Philox 4x32-10 of the counter (b mod 2³², b div 2³², 0, 0), least
  significant word first, gives four 32-bit words.
- *word* w_k: word (k mod 4) of block (k div 4).
- `uniform`: u_k = (w_k >> 8) · 2⁻²⁴: 24 bits, exact in float32, 0 <= u_k < 1.
- `normal`: Box-Muller on pairs of words: with a = ((w_2j >> 8) + 1) · 2⁻²⁴ in (0, 1] and
  t = 2π (w_2j+1 >> 8) · 2⁻²⁴: z_2j = √(−2 ln a) cos t, z_2j+1 = √(−2 ln a) sin t, computed in
  float64 and rounded to float32. |z| is at most √(48 ln 2) = 5.77.
- `integers`: ⌊w_k · high / 2³²⌋. A value's probability differs from 1/high by less than 2⁻³².
- `permutation`: Fisher-Yates from the end: for i = n−1, ..., 1 swap places i and
  ⌊w_(n−1−i) · (i + 1) / 2³²⌋ of (0, ..., n−1).

Tensors are made on the CPU and filled row by row, so a longer draw begins with the shorter one:
more points leave the earlier ones where they were. The four functions read the *same* words: use
another `stream` of a seed for every independent purpose. Streams from 1000 on are those of
`dlbook.datasets`.

Where a function is not run but turned into a program for the page (`dlbook.compile`), its draws
are inputs of that program: inside `drawn_by(record)` the functions ask `record` for their result.

Reference: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from operator import index

import torch
from torch import Tensor

MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)  # M0, M1 of Salmon et al. 2011, section 4.3
SIGNED_MULTIPLIERS = torch.tensor([[m - 2**32] for m in MULTIPLIERS])  # (2, 1), see philox4x32
WEYL = (0x9E3779B9, 0xBB67AE85)  # ibid.: golden ratio, √3 − 1
ROUNDS = 10
MASK = 0xFFFFFFFF
BLOCKS_AT_ONCE = 1 << 15  # temporaries stay in the processor's cache

# record(kind, shape, seed, stream, high=None) -> tensor, for the kinds "uniform", "integers" and
# "permutation"; normal draws are computed from uniform ones.
Record = Callable[..., Tensor]
_record: ContextVar[Record | None] = ContextVar("record", default=None)


@contextmanager
def drawn_by(record: Record) -> Iterator[None]:
    """Within it, `record` gives the results of the functions below; no argument is checked."""
    token = _record.set(record)
    try:
        yield
    finally:
        _record.reset(token)


def uniform(size: int | Sequence[int], *, seed: int, stream: int = 0) -> Tensor:
    """Independent uniform draws in [0, 1), multiples of 2⁻²⁴.

    Args:
        size: shape of the result, an int for one axis.
        seed: in [0, 2³²).
        stream: in [0, 2³²); streams of one seed are independent of each other.

    Returns:
        float32 tensor of shape `size`.

    Raises:
        ValueError: a size is negative, or seed or stream lies outside its range.

    >>> uniform(3, seed=0)
    tensor([0.3990, 0.8805, 0.7357])
    """
    if record := _record.get():
        return record("uniform", _plain_shape(size), seed, stream)
    shape = _shape(size)
    words = _words(math.prod(shape), seed, stream)
    return ((words >> 8).to(torch.float32) * 2.0**-24).reshape(shape)


def normal(size: int | Sequence[int], *, seed: int, stream: int = 0) -> Tensor:
    """Independent standard normal draws by Box-Muller (the module's docstring has the formula).

    Args:
        size: shape of the result, an int for one axis.
        seed: in [0, 2³²).
        stream: in [0, 2³²).

    Returns:
        float32 tensor of shape `size`. Two machines may differ in the last bit, because their
        logarithms and cosines may.

    Raises:
        ValueError: a size is negative, or seed or stream lies outside its range.

    Reference: Box and Muller, "A note on the generation of random normal deviates", 1958.
    """
    shape = _plain_shape(size)
    count = math.prod(shape)
    pairs = uniform(((count + 1) // 2, 2), seed=seed, stream=stream).to(torch.float64)
    radius = torch.sqrt(-2.0 * torch.log(pairs[:, 0] + 2.0**-24))
    angle = (2.0 * math.pi) * pairs[:, 1]
    z = torch.stack([radius * torch.cos(angle), radius * torch.sin(angle)], dim=1)
    return z.to(torch.float32).reshape(-1)[:count].reshape(shape)


def integers(high: int, size: int | Sequence[int], *, seed: int, stream: int = 0) -> Tensor:
    """Independent integers from 0 to high − 1, equally likely up to 2⁻³² each.

    Args:
        high: number of values, in [1, 2³¹].
        size: shape of the result, an int for one axis.
        seed: in [0, 2³²).
        stream: in [0, 2³²).

    Returns:
        int64 tensor of shape `size`.

    Raises:
        ValueError: high, a size, seed or stream lies outside its range.
    """
    if record := _record.get():
        return record("integers", _plain_shape(size), seed, stream, high)
    _check_range("high", high, 1, 2**31)
    shape = _shape(size)
    return ((_words(math.prod(shape), seed, stream) * high) >> 32).reshape(shape)


def permutation(n: int, *, seed: int, stream: int = 0) -> Tensor:
    """The numbers 0 to n − 1 in random order (Fisher-Yates).

    Args:
        n: how many, in [0, 2³¹].
        seed: in [0, 2³²).
        stream: in [0, 2³²).

    Returns:
        int64 tensor of shape (n,).

    Raises:
        ValueError: n, seed or stream lies outside its range.

    Reference: Durstenfeld, "Algorithm 235: random permutation", 1964.
    """
    if record := _record.get():
        return record("permutation", (n,), seed, stream)
    _check_range("n", n, 0, 2**31)
    order = list(range(n))
    last_places = torch.arange(max(n - 1, 0), 0, -1)  # i = n−1, ..., 1
    picks = (_words(len(last_places), seed, stream) * (last_places + 1)) >> 32
    for i, j in zip(last_places.tolist(), picks.tolist(), strict=True):
        order[i], order[j] = order[j], order[i]
    return torch.tensor(order, dtype=torch.int64)


def philox4x32(counter: Tensor, key: tuple[int, int]) -> Tensor:
    """Philox 4x32-10: each row of four 32-bit words scrambled under a key of two.

    One round, with hi and lo the halves of a 64-bit product:
    (c0, c1, c2, c3) -> (hi(M1 c2) ^ c1 ^ k0, lo(M1 c2), hi(M0 c0) ^ c3 ^ k1, lo(M0 c0)).

    Args:
        counter: int64 tensor (blocks, 4) with values in [0, 2³²).
        key: (k0, k1), both in [0, 2³²).

    Returns:
        int64 tensor (blocks, 4) with values in [0, 2³²).

    Reference: Salmon et al. 2011, section 4.3.
    """
    even, odd = counter[:, 0::2].T, counter[:, 1::2].T  # (c0, c2) and (c1, c3), each (2, blocks)
    for round_key in _round_keys(key):
        # Both multipliers exceed 2³¹ and a 64-bit product does not fit int64, so the factor is
        # multiplier − 2³²; the missing word · 2³² adds `even` to the high half.
        product = even * SIGNED_MULTIPLIERS
        high, low = (product >> 32) + even, product & MASK
        even, odd = high.flip(0) ^ odd ^ round_key, low.flip(0)
    return torch.stack([even[0], odd[0], even[1], odd[1]], dim=1)


def _round_keys(key: tuple[int, int]) -> Tensor:
    """The keys of the ten rounds: key + round · Weyl constant, as int64 (10, 2, 1)."""
    rounds = [[[(k + r * w) & MASK] for k, w in zip(key, WEYL, strict=True)] for r in range(ROUNDS)]
    return torch.tensor(rounds)


def _words(count: int, seed: int, stream: int) -> Tensor:
    """The first `count` 32-bit words of (seed, stream), as int64 (count,)."""
    _check_range("seed", seed, 0, MASK)
    _check_range("stream", stream, 0, MASK)
    num_blocks = -(-count // 4)
    blocks = torch.empty(num_blocks, 4, dtype=torch.int64)
    for start in range(0, num_blocks, BLOCKS_AT_ONCE):
        block = torch.arange(start, min(start + BLOCKS_AT_ONCE, num_blocks))
        zero = torch.zeros_like(block)
        counter = torch.stack([block & MASK, block >> 32, zero, zero], dim=1)
        blocks[start : start + len(block)] = philox4x32(counter, (index(seed), index(stream)))
    return blocks.reshape(-1)[:count]


def _plain_shape(size: int | Sequence[int]) -> tuple[int, ...]:
    """`size` as a tuple."""
    return tuple(size) if isinstance(size, Sequence) else (size,)


def _shape(size: int | Sequence[int]) -> tuple[int, ...]:
    """`size` as a tuple of checked lengths."""
    shape = _plain_shape(size)
    for length in shape:
        _check_range("size", length, 0, 2**48)
    return shape


def _check_range(name: str, value: int, low: int, high: int) -> None:
    """Raise a ValueError that names the argument unless low <= value <= high."""
    if not low <= index(value) <= high:
        raise ValueError(f"{name} is {value}; it must be an integer from {low} to {high}")
