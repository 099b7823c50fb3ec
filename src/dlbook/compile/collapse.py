"""Loops over neighbouring axes as one, where everything in them depends on the joint place only."""

from dataclasses import replace as changed

from dlbook.compile.nests import Loop, Nest
from dlbook.compile.scalars import Linear, Scalar, place, replace, replace_in_place
from dlbook.compile.sizes import equal, product


def collapse(nest: Nest) -> Nest:
    """Join neighbouring outer loops of a pointwise nest, innermost first."""
    if nest.accumulators:
        return nest
    k = len(nest.loops) - 2
    while k >= 0:
        outer, inner = nest.loops[k], nest.loops[k + 1]
        if all(_joint(index, outer, inner) for index in _places(nest)):
            nest = _joined(nest, k)
        k -= 1
    return nest


def _places(nest: Nest) -> list[Linear]:
    """Every place in the nest, those inside other scalars included."""
    places = [store.place for store in nest.stores]
    for scalar in nest.scalars():
        if scalar.op == "variable":
            continue
        places += [argument for argument in scalar.args if isinstance(argument, Linear)]
        places += [place(argument) for argument in scalar.args
                   if isinstance(argument, Scalar) and argument.op == "variable"]  # fmt: skip
    places += [place(store.value) for store in nest.stores if store.value.op == "variable"]
    return places


def _joint(index: Linear, outer: Loop, inner: Loop) -> bool:
    """Whether a place depends on outer · length + inner only."""
    far, near = index.terms.get(outer.variable, 0), index.terms.get(inner.variable, 0)
    return equal(far, near * inner.length)


def _joined(nest: Nest, k: int) -> Nest:
    """Loops k and k + 1 as one: the outer variable is 0, the inner one runs over both."""
    outer, inner = nest.loops[k], nest.loops[k + 1]
    known = {outer.variable: Scalar("number", "0")}
    stores = [
        changed(s, place=replace_in_place(s.place, known), value=replace(s.value, known))
        for s in nest.stores
    ]
    both = Loop(inner.variable, product((outer.length, inner.length)))
    return changed(nest, loops=[*nest.loops[:k], both, *nest.loops[k + 2 :]], stores=stores)
