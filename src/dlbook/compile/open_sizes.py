"""Inputs whose declared lengths are symbols, and whether a function holds at all of them.

torch takes a symbol to be 2 at least and answers what follows from that without a word, so that
broadcasting needs no second case; a program must hold at 1 too. Conditions that the function itself
asks are therefore kept apart and tried at 1 as well.

torch has no public way to hear them: `torch.export` fixes sizes of 0 and 1 likewise, and what
follows from "2 at least" leaves no guard behind. So `Shapes` listens inside torch, and
`check_hearing` makes sure, before a function is traced, that it hears all that is asked.
"""

import sys
from collections.abc import Iterable
from functools import cache
from itertools import product
from pathlib import Path
from types import FrameType

import sympy
import torch
from torch import Tensor
from torch._dynamo.source import ConstantSource
from torch._subclasses import FakeTensorMode
from torch.fx.experimental.symbolic_shapes import (
    DimDynamic,
    ShapeEnv,
    StatelessSymbolicContext,
)
from torch.overrides import TorchFunctionMode

from dlbook.compile.lines import HERE, TORCH, user_line
from dlbook.compile.lowering import CannotCompile
from dlbook.compile.sizes import SizeNames

SAMPLE = (2, 3, 4, 7, 16, 101, 256)  # sizes at which conditions on sizes are tried
CHOICE = "fake_impls.py: conv"  # of an implementation; all compute the same
PARTS = "fake_impls.py: _compute_slice_index"  # where sizes are too small, the program says so
# Asked by `check_hearing` as if by a function: a guard follows from the first and the last only.
QUESTIONS = "bool(n == 5) + bool(n == 1) + bool(n < 2) + bool(n > 300)"
MACHINERY = (f"{TORCH}/__init__.py", f"{TORCH}/fx/experimental/", __file__)


class Shapes(ShapeEnv):
    """torch's book of conditions on sizes, and which functions ask them."""

    def __init__(self):
        super().__init__()
        self.asked: dict[sympy.Basic, str] = {}  # by the function itself: what is true -> the line
        self.places: dict[sympy.Basic, str] = {}  # a guard -> the function of torch's that asked

    def evaluate_expr(self, condition, *args, **kwargs):
        count = len(self.guards)
        answer = super().evaluate_expr(condition, *args, **kwargs)
        if answer not in (sympy.true, sympy.false) or not getattr(condition, "free_symbols", None):
            return answer
        frame = _asking(sys._getframe(1))
        file = Path(frame.f_code.co_filename)
        self.places |= {g.expr: f"{file.name}: {frame.f_code.co_name}" for g in self.guards[count:]}
        if not str(file).startswith((TORCH, HERE)):
            truth = condition if answer == sympy.true else sympy.Not(condition)
            self.asked.setdefault(truth, user_line(frame))
        return answer


def _asking(frame: FrameType) -> FrameType:
    """The innermost frame outside torch's machinery of symbols."""
    while frame.f_code.co_filename.startswith(MACHINERY):
        frame = frame.f_back
    return frame


class Squeezes(TorchFunctionMode):
    """Refuses to squeeze an axis of an open size: torch drops it where the size is 1 only."""

    def __torch_function__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        if getattr(func, "__name__", "") == "squeeze":
            x, *dims = args
            dims = dims[0] if len(dims) == 1 else dims or kwargs.get("dim", range(x.dim()))
            dims = [dims] if isinstance(dims, int) else dims
            if any(isinstance(x.shape[dim], torch.SymInt) for dim in dims):
                raise CannotCompile("squeeze drops an open axis where its size is 1; name others")
        return func(*args, **kwargs)


class FakeInputs:
    """Example tensors without numbers, whose declared lengths are symbols."""

    def __init__(self, sizes: dict[str, int]):
        if sizes:
            check_hearing()
        self.shapes = Shapes()
        self.mode = FakeTensorMode(shape_env=self.shapes, allow_non_fake_inputs=True)
        self.sizes = sizes

    def make(self, tensor: Tensor, name: str) -> Tensor:
        known = set(self.sizes.values())
        kinds = [DimDynamic.DUCK if n in known else DimDynamic.STATIC for n in tensor.shape]
        return self.mode.from_tensor(
            tensor.detach(),
            source=ConstantSource(name),
            symbolic_context=StatelessSymbolicContext(dynamic_sizes=kinds),
        )

    def carriers(self) -> list[Tensor]:
        """A tensor of each declared length."""
        return [self.make(torch.empty(length), name) for name, length in self.sizes.items()]

    def symbol(self, name: str) -> sympy.Symbol:
        return self.shapes.val_to_var[self.sizes[name]]

    def names(self) -> SizeNames:
        return SizeNames(
            {
                self.symbol(name): sympy.Symbol(name, integer=True, positive=True)
                for name in self.sizes
            }
        )

    def check_open(self):
        """Raise `CannotCompile` if the function holds only at the example's sizes."""
        for name in self.sizes:
            fixed = self.shapes.replacements.get(self.symbol(name))
            if fixed is not None:
                raise CannotCompile(
                    f"the function needs {name} to be {fixed}: somewhere it is compared with a"
                    " number, or a layer was made for it; take it from the shape of an input"
                )
        for condition, line in self.shapes.asked.items():
            self._check_holds(condition, (1, *SAMPLE), f"; asked by {line}")
        for condition in dict.fromkeys(guard.expr for guard in self.shapes.guards):
            place = self.shapes.places.get(condition)
            if place == PARTS:
                self._check_holds(condition, [n for n in SAMPLE if n > max(self.sizes.values())])
            elif place != CHOICE and not _is_about_ones(condition):
                self._check_holds(condition, SAMPLE)

    def _check_holds(self, condition: sympy.Basic, lengths: Iterable[int], where: str = ""):
        """Raise `CannotCompile` unless a condition holds at these sizes and near its numbers."""
        free = [s for s in map(self.symbol, self.sizes) if s in condition.free_symbols]
        numbers = [abs(int(number)) for number in condition.atoms(sympy.Integer)]
        near = {n for number in numbers for n in (number - 1, number, number + 1)}
        tried = sorted({*lengths, *(n for n in near if n >= min(lengths))})
        for values in product(map(sympy.Integer, tried), repeat=len(free)):
            if condition.xreplace(dict(zip(free, values, strict=True))) != sympy.true:
                known = condition.xreplace(self.names().names)
                raise CannotCompile(f"the function does something else unless {known}{where}")


def _is_about_ones(condition: sympy.Basic) -> bool:
    """Whether a condition only says that a size is not 0 or 1: torch asks for broadcasting."""
    kinds = {sympy.Ne: (0, 1), sympy.Gt: (0, 1), sympy.Ge: (0, 1, 2)}
    return any(
        isinstance(condition, kind) and condition.rhs in numbers for kind, numbers in kinds.items()
    ) and not any(
        type(part).__name__ in ("Mod", "PythonMod") for part in sympy.preorder_traversal(condition)
    )


@cache
def check_hearing():
    """Raise `CannotCompile` if this torch has conditions on sizes that `Shapes` doesn't hear."""
    try:
        heard = _hears_questions()
    except (AttributeError, KeyError, TypeError):
        heard = False
    if not heard:
        raise CannotCompile(
            f"torch {torch.__version__} asks its conditions on sizes in another way than those that"
            " dlbook.compile was written for (2.13): Shapes.evaluate_expr in open_sizes.py does not"
            " hear them, so no size can be left open"
        )


def _hears_questions() -> bool:
    shapes = Shapes()
    mode = FakeTensorMode(shape_env=shapes)
    context = StatelessSymbolicContext(dynamic_sizes=[DimDynamic.DUCK])
    x, y = (
        mode.from_tensor(torch.empty(n), source=ConstantSource(name), symbolic_context=context)
        for n, name in ((17, "x"), (19, "y"))
    )
    asking = compile(QUESTIONS, "a function", "eval")
    with mode:
        eval(asking, {"n": x.shape[0]})
        int(y.shape[0])
    n, m = (shapes.val_to_var[length] for length in (17, 19))
    truths = [sympy.Ne(n, 5), sympy.Ne(n, 1), sympy.Ge(n, 2), sympy.Le(n, 300)]
    guards = {guard.expr for guard in shapes.guards}
    places = {shapes.places[guard] for guard in guards if n in guard.free_symbols}
    return (
        set(shapes.asked) == set(truths)
        and {truths[0], truths[3]} <= guards
        and places == {"a function: <module>"}
        and shapes.replacements[m] == 19
    )
