"""Random numbers of a traced function: inputs that the page draws before every run.

Inside a traced function `dlbook.random` makes no numbers; it leaves a `Draw` behind: what is drawn
and from which seed and stream. Both may be numbers that the page knows (the step, the seed), as
`TracedInt`s: sums of such numbers times constants.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import torch

from dlbook import random


@dataclass(frozen=True, eq=False)
class TracedInt:
    """An integer that the page knows: constant + Σ factor · name. Comparing it is an error."""

    factors: tuple[tuple[str, int], ...]
    constant: int = 0

    @classmethod
    def named(cls, name: str) -> "TracedInt":
        return cls(((name, 1),))

    def __add__(self, other: "TracedInt | int") -> "TracedInt":
        if isinstance(other, int):
            return TracedInt(self.factors, self.constant + other)
        factors = dict(self.factors)
        for name, factor in other.factors:
            factors[name] = factors.get(name, 0) + factor
        return TracedInt(tuple(factors.items()), self.constant + other.constant)

    def __mul__(self, factor: int) -> "TracedInt":
        if not isinstance(factor, int):
            self._unknown()
        return TracedInt(tuple((n, f * factor) for n, f in self.factors), self.constant * factor)

    def __sub__(self, other: "TracedInt | int") -> "TracedInt":
        return self + other * -1

    __radd__, __rmul__ = __add__, __mul__

    def __str__(self) -> str:
        terms = [name if factor == 1 else f"{factor} * {name}" for name, factor in self.factors]
        return " + ".join([*terms, *([str(self.constant)] if self.constant or not terms else [])])

    def _unknown(self, *_):
        raise TypeError(
            f"{self} is known only in the page: it can be the seed or the stream of a draw, as it"
            " is, times an integer or plus an integer, and nothing else"
        )

    __index__ = __int__ = __float__ = __bool__ = __lt__ = __le__ = __gt__ = __ge__ = _unknown
    __eq__ = __ne__ = _unknown
    __hash__ = object.__hash__
    __mod__ = __floordiv__ = __truediv__ = __pow__ = __rsub__ = _unknown


@dataclass(frozen=True)
class Draw:
    """Numbers that the page draws: `kind` is "uniform", "integers" or "permutation"."""

    kind: str
    seed: TracedInt
    stream: TracedInt
    high: object = None  # number of values of "integers": an integer or a traced size


@torch.library.custom_op("dlbook::draw", mutates_args=())
def draw(size: Sequence[int], number: int, dtype: torch.dtype) -> torch.Tensor:
    """Stands in the graph for draw `number`."""
    raise RuntimeError("a draw of a traced function has no value before the page draws it")


@draw.register_fake
def _(size, number, dtype):
    return torch.empty(size, dtype=dtype)


@contextmanager
def recorded_draws() -> Iterator[list[Draw]]:
    """Calls of `dlbook.random` leave a `Draw` in the list and a `dlbook::draw` in the graph."""
    draws: list[Draw] = []

    def record(kind: str, size: tuple[int, ...], seed, stream, high=None) -> torch.Tensor:
        draws.append(Draw(kind, _traced(seed), _traced(stream), high))
        dtype = torch.float32 if kind == "uniform" else torch.int64
        return torch.ops.dlbook.draw(size, len(draws) - 1, dtype)

    with random.drawn_by(record):
        yield draws


def _traced(value) -> TracedInt:
    return value if isinstance(value, TracedInt) else TracedInt((), int(value))
