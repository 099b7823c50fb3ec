"""A loop nest as the body of a JavaScript function.

What several elements share is computed once: a scalar that is used twice, or that does not depend
on the innermost loop, becomes a constant in the outermost loop that knows all it needs. So does
what is read from a buffer that another store of the nest may overwrite first.
"""

from collections import Counter

import sympy

from dlbook.compile import javascript_scalars as javascript
from dlbook.compile.nests import Loop, Nest, Store
from dlbook.compile.ranges import may_stop
from dlbook.compile.scalars import Linear, Scalar, everything_in, operands
from dlbook.compile.sizes import Size

CHOICES = {"select", "and", "or"}  # JavaScript computes the first operand, then what is chosen


def write_nest(nest: Nest) -> str:
    """The statements of a nest."""
    return NestWriter(nest).write()


class NestWriter:
    """Writes one nest. Depth 0 is outside all loops, depth k inside k of them."""

    def __init__(self, nest: Nest):
        self.nest = nest
        self.loops = [*nest.loops, *nest.inner_loops]
        self.depths = {loop.variable: k + 1 for k, loop in enumerate(self.loops)}
        self.names: dict[Scalar | Size, str] = {
            loop.variable: f"i{k}" for k, loop in enumerate(self.loops)
        } | {a.variable: f"a{k}" for k, a in enumerate(nest.accumulators)}
        self.constants: dict[int | str, list[str]] = {}  # by depth, or "after" the inner loops

    def write(self) -> str:
        nest, outer, inmost = self.nest, len(self.nest.loops), len(self.loops)
        after = "after" if nest.accumulators else outer
        self.bind([a.initial for a in nest.accumulators], outer, outer)
        self.bind([a.update for a in nest.accumulators], inmost, inmost)
        self.bind(_roots(nest.inner_stores), inmost, inmost)
        self.bind(_roots(nest.stores), outer, after)
        inner = self.updates() + "".join(map(self.store, nest.inner_stores))
        inner = self.wrapped(inner, range(inmost, outer, -1))
        initial = "".join(
            f"let {self.names[a.variable]}={self.text(a.initial)};" for a in nest.accumulators
        )
        stores = "".join(map(self.store, nest.stores))
        body = initial + inner + "".join(self.constants.get("after", [])) + stores
        loops = self.wrapped(body, range(outer, 0, -1))
        return "".join(self.constants.get(0, [])) + loops

    def wrapped(self, body: str, depths: range) -> str:
        """`body` in the loops of these depths, with their constants in front."""
        for depth in depths:
            body = "".join(self.constants.get(depth, [])) + body
            body = f"{self.loop(self.loops[depth - 1])}{{{body}}}"
        return body

    def loop(self, loop: Loop) -> str:
        name = self.names[loop.variable]
        return f"for(let {name}=0;{name}<{self.size(loop.length)};{name}++)"

    def bind(self, roots: list[Scalar], depth: int, level: int | str):
        """Make constants of what the roots share; they are used at `depth`, in the code `level`."""
        scalars = everything_in(roots)
        overwritten = _read_after_writing(self.nest.all_stores())
        uses = Counter(operand for scalar in scalars for operand in operands(scalar))
        uses.update(roots)
        unrounded = {s.args[0] for s in scalars if s.op == "float32"}
        sure = _surely_computed(roots)
        for scalar in scalars:
            if scalar in self.names:
                continue
            known = max((self.depths.get(o, depth + 1) for o in operands(scalar)), default=0)
            if scalar.op == "accumulator":
                known = depth + 1
            self.depths[scalar] = known
            load = scalar.op == "load"
            shared = uses[scalar] > 1 or (known < depth and scalar not in unrounded)
            shared = shared and (scalar in sure or not may_stop(scalar))
            if (shared and (scalar.cost > 0 or load)) or scalar in overwritten:
                text = self.text(scalar)
                self.names[scalar] = name = f"t{len(self.names)}"
                where = known if known < depth else level
                self.constants.setdefault(where, []).append(f"const {name}={text};")

    def text(self, scalar: Scalar) -> str:
        """A scalar as JavaScript."""
        if scalar in self.names:
            return self.names[scalar]
        if scalar.op == "number":
            return javascript.number(scalar.args[0])
        if scalar.op == "size":
            return self.size(scalar.args[0])
        if scalar.op == "place":
            return f"({self.place(scalar.args[0])})"
        if scalar.op == "load":
            buffer, index = scalar.args
            return f"{buffer.name}[{self.place(index)}]"
        return javascript.operation(scalar, [self.text(argument) for argument in scalar.args])

    def place(self, index: Linear) -> str:
        """A place in a buffer."""
        terms = [
            self.text(scalar) if stride == 1 else f"{self.text(scalar)}*{self.size(stride)}"
            for scalar, stride in index.terms.items()
        ]
        if index.constant != 0 or not terms:
            terms.append(self.size(index.constant))
        return "+".join(terms)

    def size(self, size: Size) -> str:
        """A size; what has to be computed is a constant outside the loops."""
        if isinstance(size, sympy.Basic) and size.args:
            if size not in self.names:
                name = f"s{len(self.names)}"
                constants = self.constants.setdefault(0, [])
                constants.insert(0, f"const {name}={javascript.size(size)};")
                self.names[size] = name
            return self.names[size]
        return javascript.size(size)

    def updates(self) -> str:
        """The accumulators' next values; all of them are known before the first one changes."""
        pairs = [(self.names[a.variable], self.text(a.update)) for a in self.nest.accumulators]
        if len(pairs) == 1:
            ((name, value),) = pairs
            return f"{name}={value};"
        return "".join(f"const n{name}={value};" for name, value in pairs) + "".join(
            f"{name}=n{name};" for name, _ in pairs
        )

    def store(self, store: Store) -> str:
        sign, value = "+=" if store.add else "=", store.value
        if not store.add and value.op == "float32" and value not in self.names:
            (value,) = value.args  # the buffer rounds
        place, name, text = self.place(store.place), store.buffer.name, self.text(value)
        if store.add and store.buffer.kind == "integer":
            return f"{{const p={place};{name}[p]=whole({name}[p]+{text});}}"
        return f"{name}[{place}]{sign}{text};"


def _roots(stores: list[Store]) -> list[Scalar]:
    return [s for store in stores for s in (store.value, *store.place.terms)]


def _surely_computed(roots: list[Scalar]) -> set[Scalar]:
    """What is computed whichever way the choices in it go."""
    found, left = set(), list(roots)
    while left:
        scalar = left.pop()
        if scalar not in found:
            found.add(scalar)
            left += scalar.args[:1] if scalar.op in CHOICES else operands(scalar)
    return found


def _read_after_writing(stores: list[Store]) -> set[Scalar]:
    """The loads whose buffer an earlier store of the same turn has written to."""
    written, found = set(), set()
    for store in stores:
        scalars = everything_in(_roots([store]))
        found |= {s for s in scalars if s.op == "load" and s.args[0] in written}
        written.add(store.buffer)
    return found
