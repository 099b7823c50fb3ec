"""Fusion: pointwise nests over the same loops become one, and what nobody reads is not stored.

An update of a parameter, the state of its optimizer and the copies back into the inputs are
lowered as nests of their own; together they are one loop that reads and writes everything once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import replace as changed

from dlbook.compile.buffers import Buffer
from dlbook.compile.collapse import collapse
from dlbook.compile.nests import Nest, Step, Store
from dlbook.compile.scalars import Linear, Scalar, replace, replace_in_place
from dlbook.compile.sizes import equal

MOST_SCALARS = 120  # of one nest: engines compile short functions best
FARTHEST = 60  # steps between two nests that are tried


def fuse(steps: list[Step], kept: set[Buffer]) -> list[Step]:
    """The steps with nests joined; buffers that are not in `kept` may vanish."""
    steps = _without_dead_stores(_joined(steps), kept)
    steps = [collapse(step) if isinstance(step, Nest) else step for step in steps]
    return _without_dead_stores(_joined(steps), kept)


@dataclass
class Access:
    """Which buffers some steps read and write."""

    reads: set[Buffer]
    writes: set[Buffer]

    @classmethod
    def of(cls, step: Step) -> "Access":
        return cls(step.reads(), step.writes())

    def conflicts(self, other: "Access") -> bool:
        """Whether the order of the two matters."""
        return bool(
            self.writes & other.writes or self.writes & other.reads or self.reads & other.writes
        )

    def __or__(self, other: "Access") -> "Access":
        return Access(self.reads | other.reads, self.writes | other.writes)


def _joined(steps: list[Step]) -> list[Step]:
    """Every pointwise nest joined to an earlier one where the steps between allow it."""
    done: list[Step] = []
    accesses: list[Access] = []
    for step in steps:
        done.append(step)
        accesses.append(Access.of(step))
        if isinstance(step, Nest) and step.is_pointwise:
            _join_last(done, accesses)
    return done


def _join_last(steps: list[Step], accesses: list[Access]):
    """Join the last step to one before it, in place; the nest moves up, or the other one down."""
    last, own = steps[-1], accesses[-1]
    between = Access(set(), set())
    for k in range(len(steps) - 2, max(-1, len(steps) - FARTHEST), -1):
        up, down = not own.conflicts(between), not accesses[k].conflicts(between)
        both = join(steps[k], last) if up or down else None
        if both is not None:
            position = k if up else len(steps) - 1
            steps[position], accesses[position] = both, Access.of(both)
            rest = len(steps) - 1 if up else k
            del steps[rest], accesses[rest]
            return
        between |= accesses[k]


def join(first: Step, second: Nest) -> Nest | None:
    """Both nests in one, if turn k of the second needs of the first only its turn k."""
    if not (isinstance(first, Nest) and first.is_pointwise and _same_loops(first, second)):
        return None
    second = _with_loops_of(second, first)
    stored = {store.buffer: store for store in first.stores}
    if any(store.buffer in stored for store in second.stores):
        return None
    if not _at_same_places(second.loads(), stored):
        return None
    if not _at_same_places(first.loads(), {store.buffer: store for store in second.stores}):
        return None
    values = {Scalar("load", s.buffer, s.place): s.value for s in first.stores}
    stores = [_substituted(store, values) for store in second.stores]
    both = changed(first, stores=[*first.stores, *stores])
    count = sum(scalar.op != "float32" for scalar in both.scalars())
    return both if count <= MOST_SCALARS else None


def _same_loops(a: Nest, b: Nest) -> bool:
    return len(a.loops) == len(b.loops) and all(
        equal(one.length, other.length) for one, other in zip(a.loops, b.loops, strict=True)
    )


def _with_loops_of(nest: Nest, other: Nest) -> Nest:
    """The nest written with the loop variables of another one."""
    known = {own.variable: loop.variable for own, loop in zip(nest.loops, other.loops, strict=True)}
    stores = [_substituted(store, known) for store in nest.stores]
    return changed(nest, loops=other.loops, stores=stores)


def _substituted(store: Store, known: dict[Scalar, Scalar]) -> Store:
    return changed(
        store, place=replace_in_place(store.place, known), value=replace(store.value, known)
    )


def _at_same_places(loads: Iterable[tuple[Buffer, Linear]], stored: dict[Buffer, Store]) -> bool:
    """Whether every load from a stored buffer reads what the same turn stores."""
    return all(buffer not in stored or stored[buffer].place == place for buffer, place in loads)


def _without_dead_stores(steps: list[Step], kept: set[Buffer]) -> list[Step]:
    """Without stores into buffers that no step reads, and without steps that write nothing."""
    while True:
        alive = kept.union(*(_needs(step) for step in steps))
        fewer = [_pruned(step, alive) for step in steps if step.writes() & alive]
        if fewer == steps:
            return steps
        steps = fewer


def _needs(step: Step) -> set[Buffer]:
    """What a step reads, apart from what it only adds to."""
    return {b for b, _ in step.loads()} if isinstance(step, Nest) else step.reads()


def _pruned(step: Step, alive: set[Buffer]) -> Step:
    if not isinstance(step, Nest) or step.writes() <= alive:
        return step
    return changed(
        step,
        stores=[store for store in step.stores if store.buffer in alive],
        inner_stores=[store for store in step.inner_stores if store.buffer in alive],
    )
