"""Whole numbers and places: exact where a page has room for them, an error of the program else."""

import pytest
import torch
from torch.nn import functional as F

from dlbook.compile import compile_program

pytestmark = pytest.mark.xdist_group("programs")  # one browser

MOST = 2**31 - 1


def whole(*values: int) -> torch.Tensor:
    return torch.tensor(values)


ZERO, NAN = torch.zeros(1), torch.tensor([float("nan")])
TOO_LARGE = {
    "product": (lambda x: x * x, whole(46_341)),
    "sum of two": (lambda x: x + x.flip(0), whole(2**30, 2**30)),
    "difference": (lambda x: x - 2, whole(-MOST)),
    "multiple added": (lambda x: torch.add(x, x, alpha=3), whole(2**29 + 1)),
    "minus the least": (lambda x: -x, whole(-(2**31))),
    "size of the least": (lambda x: x.abs(), whole(-(2**31))),
    "square": (lambda x: x**2, whole(46_341)),
    "cube": (lambda x: x**3, whole(1_291)),
    "power": (lambda x: x ** (x * 0 + 9), whole(11)),
    "sum": (lambda x: x.sum(), whole(MOST, 1)),
    "sum on the way": (lambda x: x.sum(0), whole(MOST, 1, -1)),
    "running sum": (lambda x: x.cumsum(0), whole(MOST, 1)),
    "product of all": (lambda x: x.prod(), whole(46_341, 46_341)),
    "added in place": (
        lambda x: torch.zeros(1, dtype=torch.int64).scatter_add(0, x * 0, x), whole(MOST, 1)),
    "put in place": (lambda x: x.index_put((x * 0,), x, accumulate=True), whole(2**30, 2**30)),
    "added along an axis": (lambda x: x.index_add(0, x * 0, x), whole(2**30, 2**30)),
    "between": (lambda x: (x * x) // x, whole(46_341)),
    "compared": (lambda x: x * x > 5, whole(46_341)),
    "turned into a float": (lambda x: (x * x).float(), whole(46_341)),
    "an index": (lambda x: x[(x * x).clamp(max=0)], whole(46_341)),
    "quotient": (lambda x: x // (x * 0 - 1), whole(-(2**31))),
    "quotient by 0": (lambda x: x // (x * 0), whole(7)),
    "cut quotient by 0": (lambda x: x.div(x * 0, rounding_mode="trunc"), whole(7)),
    "remainder of 0": (lambda x: x % (x * 0), whole(7)),
    "rest of 0": (lambda x: torch.fmod(x, x * 0), whole(7)),
    "cut off": (lambda x: (x + 1e10).long(), ZERO),
    "cut off from float64": (lambda x: (x.double() - 2.0**31 - 1).long(), ZERO),
    "infinite": (lambda x: (1 / x).long(), ZERO),
    "not a number": (lambda x: x.long(), NAN),
    "sum of cut numbers": (lambda x: (x + MOST - 127).sum(dtype=torch.int64), torch.zeros(2)),
}  # fmt: skip


@pytest.mark.parametrize("name", TOO_LARGE)
def test_a_number_that_a_page_has_no_room_for_stops_the_program(run, name):
    function, x = TOO_LARGE[name]
    with pytest.raises(AssertionError, match=r"whole numbers? of a page are those below 2\^31"):
        run(function, torch.ones_like(x), at=[x])


TABLE = torch.arange(12.0).reshape(4, 3)
BEYOND = {
    "gather": lambda i: TABLE.gather(0, i[None]),
    "index_select": lambda i: TABLE.index_select(0, i),
    "embedding": lambda i: F.embedding(i, TABLE),
    "index": lambda i: TABLE[i],
    "two axes": lambda i: TABLE[i, i * 0],
    "scatter": lambda i: TABLE.scatter(0, i[None], 5.0),
    "scatter_add": lambda i: TABLE.scatter_add(0, i[None], TABLE),
    "index_put": lambda i: TABLE.index_put((i,), TABLE[:1] * 2),
    "index_add": lambda i: TABLE.index_add(0, i, TABLE[:1]),
    "classes": lambda i: F.cross_entropy(TABLE[:1].T.reshape(1, 3), i),
}


@pytest.mark.parametrize("name", BEYOND)
@pytest.mark.parametrize("place", [4, -5])
def test_a_place_beyond_an_axis_stops_the_program(run, name, place):
    with pytest.raises(AssertionError, match=r"index -?\d of an axis of length [34]"):
        run(BEYOND[name], whole(0), at=[whole(place)])


def test_a_place_beyond_an_open_axis_stops_the_program(run):
    def function(x):
        return x[torch.arange(x.shape[0]) * 2 // 3 + 4]

    for length, fits in ((13, True), (11, False)):
        x = torch.arange(float(length))
        if fits:
            assert torch.equal(
                run(function, torch.zeros(17), at=[x], sizes={"n": 17})["output"], function(x)
            )
        else:
            with pytest.raises(AssertionError, match="index 10 of an axis of length 10"):
                run(function, torch.zeros(17), at=[x[:10]], sizes={"n": 17})


def test_numbers_that_follow_from_sizes(run):
    def function(x):
        n = x.shape[0]
        return torch.arange(n) * n * n + n * n

    x = torch.zeros(1290)
    made = run(function, torch.zeros(17), at=[x], sizes={"n": 17})["output"]
    assert made.tolist() == function(x).tolist()
    with pytest.raises(AssertionError, match="whole numbers"):
        run(function, torch.zeros(17), at=[torch.zeros(1291)], sizes={"n": 17})


EDGE = {
    "sum": (lambda x: x.sum(0), whole(MOST - 1, 1)),
    "running sum": (lambda x: x.cumsum(0), whole(MOST, -MOST, -MOST, -1)),
    "product": (lambda x: x.prod(), whole(-(2**16), 2**15)),
    "minus": (lambda x: {"neg": -x, "abs": x.abs(), "sub": -1 - x}, whole(-MOST)),
    "power": (lambda x: {"square": x**2, "cube": (x // 40) ** 3}, whole(46_340)),
    "scatter": (lambda x: x.scatter_add(0, x * 0, x), whole(2**29, 2**29)),
    "cut off": (lambda x: (x.double() + MOST).long(), ZERO + 0.9),
    "cut off below": (lambda x: (x.double() - 2**31).long(), ZERO - 0.9),
    "negative places": (lambda x: TABLE[x, x], whole(-3, -1, 2)),
    "a choice": (lambda x: torch.where(x > 0, 9 // x.clamp(min=1), -x), whole(3, 0, -4)),
    "padded places": (lambda x: F.pad(TABLE[x], (0, 0, 2, 1)), whole(3, 0)),
    "padded sums": (lambda x: F.pad(x + x, (2, 1), value=7), whole(3, 2**29)),
    "rolled and chosen": (
        lambda x: torch.where(F.pad(x, (1, 0))[:-1] > 0, TABLE[x.roll(1), 0], 0.5), whole(0, 3, 1)),
}  # fmt: skip


@pytest.mark.parametrize("name", EDGE)
def test_whole_numbers_up_to_the_edge_are_exact(check, name):
    function, x = EDGE[name]
    check(function, torch.ones_like(x), at=[x], tolerance=0)


NEEDS_NO_LOOK = {
    "counts": lambda x: (x > 0).sum(),
    "hits": lambda x: (x.argmax(1) == x.argmin(1)).float().mean(),
    "running counts": lambda x: (x > 0).cumsum(0),
    "small products": lambda x: (x > 0).long() * 7 - 3,
    "halves": lambda x: x.argmax(1) // 2 % 5 + 1,
}


@pytest.mark.parametrize("name", NEEDS_NO_LOOK)
def test_what_must_fit_is_not_looked_at(name):
    text = compile_program(NEEDS_NO_LOOK[name], torch.zeros(4, 4)).javascript
    assert not any(f"{check}(" in text for check in ("whole", "cut", "inside"))
