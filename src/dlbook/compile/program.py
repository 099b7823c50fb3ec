"""A torch function as a program that runs in a static page."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from dlbook.compile.buffers import Window
from dlbook.compile.draws import Draw
from dlbook.compile.emit_js import write_program
from dlbook.compile.lower import lower
from dlbook.compile.sizes import Size
from dlbook.compile.trace import trace


@dataclass(frozen=True)
class TensorInfo:
    """An input or an output: its shape (numbers and names of sizes) and its kind of numbers."""

    shape: tuple[int | str, ...]
    kind: str  # "float", "double", "integer", "boolean"
    returned: bool = False  # an output that becomes the input of its name


@dataclass(frozen=True)
class DrawInfo:
    """Random numbers that the page draws: what, how many, from which seed and stream."""

    kind: str  # "uniform", "integers", "permutation"
    shape: tuple[int | str, ...]
    seed: str
    stream: str
    high: int | str | None


@dataclass(frozen=True)
class Program:
    """A compiled function: its JavaScript and what it takes and gives.

    `javascript` is a function expression `(kernels, sizes) => program`; the program has `inputs`
    and `outputs` (typed arrays by name), `shapes` (by name), `draws` and `run()`.
    """

    javascript: str
    inputs: dict[str, TensorInfo]
    outputs: dict[str, TensorInfo]
    draws: tuple[DrawInfo, ...]
    sizes: tuple[str, ...]
    ints: tuple[str, ...]

    @property
    def digest(self) -> str:
        """Equal for programs of equal code."""
        return hashlib.sha256(self.javascript.encode()).hexdigest()[:16]


def compile_program(
    function: Callable,
    *arguments,
    sizes: Mapping[str, int] | None = None,
    ints: Iterable[str] = (),
) -> Program:
    """A program for the page that computes what `function` computes.

    Args:
        function: of tensors and nested dicts of tensors; returns a nested dict of tensors. It may
            take gradients by `torch.autograd.grad`. Its draws come from `dlbook.random`; the page
            makes them. Names are dotted: parameter and keys, "params.0.weight". An output that is
            called like an input is written back to it after a run. A page has int32 for int64:
            where a whole number, also one on the way, leaves 32 bits, or a place lies beyond its
            axis, the program stops with an error (`ranges` says where it has to look).
        arguments: examples; only shapes and types count.
        sizes: name -> length in the examples. Every axis of that length has this symbolic size. A
            parameter of `function` of that name is given the size.
        ints: names of parameters of `function` that are integers which only the page knows (seed,
            step); they may be the seed or the stream of draws, times and plus integers.

    Raises:
        CannotCompile: an operator, or a use of a size, has no program; the message names it and
            the line.
        ValueError: the lengths in `sizes` are not distinct, or an output does not fit the input
            of its name.
    """
    sizes, ints = dict(sizes or {}), tuple(ints)
    traced = trace(function, arguments, sizes, ints)
    lowered = lower(traced)
    outputs = {
        name: info(window, returned=name in lowered.inputs)
        for name, window in lowered.outputs.items()
    }
    draws = tuple(drawn(draw, window) for draw, window in lowered.draws)
    return Program(
        write_program(lowered, list(sizes)),
        {name: info(window) for name, window in lowered.inputs.items()},
        outputs,
        draws,
        tuple(sizes),
        ints,
    )


def info(window: Window, returned: bool = False) -> TensorInfo:
    """What a reader of the program needs to know of a tensor."""
    return TensorInfo(shape(window), window.kind, returned)


def drawn(draw: Draw, window: Window) -> DrawInfo:
    """What a reader of the program needs to know of random numbers."""
    high = None if draw.high is None else word(draw.high)
    return DrawInfo(draw.kind, shape(window), str(draw.seed), str(draw.stream), high)


def shape(window: Window) -> tuple[int | str, ...]:
    return tuple(word(length) for length in window.shape)


def word(size: Size) -> int | str:
    """A size as a number, or as an expression of names."""
    return size if isinstance(size, int) else str(size)
