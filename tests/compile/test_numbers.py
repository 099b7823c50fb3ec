"""Single operators at numbers where a careless program goes wrong: equal to torch, kinds too."""

import pytest
import torch

pytestmark = pytest.mark.xdist_group("programs")  # one browser


def slope(function):
    """x -> the gradient of a function's sum."""

    def gradient(x):
        leaf = x.detach().requires_grad_()
        return torch.autograd.grad(function(leaf).sum(), leaf)[0]

    return gradient


NAN, INF = float("nan"), float("inf")


def floats(*values: float) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float32)


def integers(*values: int) -> torch.Tensor:
    return torch.tensor(values)


TENTHS = torch.arange(1, 10) / 10
FUNCTIONS = {
    "Python's numbers are float32": (
        lambda x: {"eq": x == 0.1, "gt": x > 0.1, "le": x <= 0.7,
                   "full": x.new_full((2,), 0.1) == x,
                   "clamp": x.clamp(0.2, 0.7) == 0.7, "where": torch.where(x > 1, x, 0.1) == x,
                   "pad": torch.constant_pad_nd(x, [1, 0], 0.1) == 0.1},
        floats(0.1, 0.7)),
    "a number in float64 meets float32": (
        lambda x: torch.tensor(0.1, dtype=torch.float64) == x, floats(0.1, 0.7)),
    "whole numbers become float32": (
        lambda x: {"sum": x + 0.5, "float": x.float() == (x - 1).float()}, integers(2**24 + 1)),
    "rounding before it is cut off": (
        lambda x: {"long": (x * 10).long(), "floor": (x * 10).floor(), "ceil": (x * 10).ceil(),
                   "trunc": (x / 0.1).trunc(), "round": (x * 5).round(), "gt": x * 10 > x + x * 9},
        TENTHS),
    "a likelihood underflows": (lambda p: torch.log(p * p * p), floats(1e-20, 0.5)),
    "a square overflows": (lambda x: (x * x).sqrt(), floats(1e30, 2)),
    "a small step is lost": (lambda x: ((x + 1e-8) ** 2 - x**2) / 1e-8, floats(1, 2)),
    "a maximum among rounded numbers": (lambda x: (x + 1e8).argmax(), floats(1, 2, 3)),
    "equal to what was stored": (lambda x: (x * 0.1).relu() == x * 0.1, torch.arange(100.0)),
    "float64 is not rounded": (
        lambda x: {"sum": x + 0.1, "sigmoid": torch.sigmoid(x), "exp": x.exp() ** 2.5},
        torch.tensor([1 / 3, 2e300 ** 0.01], dtype=torch.float64)),
    "booleans add up to booleans": (
        lambda x: {"sum": (x > 0) + (x > 1), "count": ((x > 0) + (x > 1)).sum(),
                   "float": ((x > 0) + (x > 1)).float()}, floats(2, 0.5, -1)),
    "powers of whole numbers": (
        lambda x: {"scalar": x**9, "tensor": x ** x.abs(), "negative": x ** (x * 0 - 1)},
        integers(7, 3, -7, 1)),
    "what is not a number is true": (
        lambda x: {"not": x.logical_not(), "and": x.logical_and(x), "or": x.logical_or(x * 0),
                   "xor": x.logical_xor(x * 0), "all": x.all(), "any": x.any(), "bool": x.bool()},
        floats(NAN, 2.0)),
    "the last by a constant": (lambda x: x[torch.full((2,), -1)], floats(1, 2, 3)),
    "constants along two axes": (
        lambda x: {"sum": torch.arange(2).flip(0)[:, None] + torch.arange(2), "x": x}, floats(0)),
    "signs": (lambda x: x.sign(), floats(NAN, -0.0, 2, -INF)),
    "powers": (lambda x: x ** floats(NAN, INF, -INF, INF, -1, 0), floats(1, 1, -1, -1, 0, NAN)),
    "roots at the ends": (
        lambda x: {"half": x**0.5, "minus half": x**-0.5, "minus one": x**-1},
        floats(0, -0.0, INF, -INF, NAN, 4)),
    "remainders": (
        lambda x: {"inf": torch.remainder(x, INF), "minus": torch.remainder(x, -INF),
                   "tenth": torch.remainder(x, 0.1), "three": x.long() % 3},
        floats(1, -1, 0.6, 7)),
    "floors of quotients": (
        lambda x: {"inf": x // INF, "tenth": x // 0.1, "div": x.div(0.3, rounding_mode="floor"),
                   "trunc": x.div(0.1, rounding_mode="trunc"), "long": x.long() // 3},
        floats(1, -1, 0.6, 7)),
    "variance over all axes": (lambda x: x.var(dim=()), floats(1.0, 2, 4)),
    "variance of too few": (lambda x: x.var(correction=5), floats(1.0, 2, 4)),
    "sums of whole parts": (
        lambda x: {"sum": x.sum(dtype=torch.int64), "cumsum": x.cumsum(0, dtype=torch.int64),
                   "prod": x.prod(dtype=torch.int64)}, floats(1.6, 1.6, 1.6)),
    "no axis is flipped": (lambda x: x.flip([]), floats(1, 2, 3)),
    "booleans as divisors": (
        lambda x: {"div": x // (x > 1), "pow": (x > 1) ** x}, floats(0.5, 2, NAN)),
    "whole numbers have one zero": (
        lambda x: {"long": 1 / x.long(), "product": 1 / (x.long() * -3), "minus": 1 / -x.long()},
        floats(-0.5, 0)),
    "axis 0 of one number": (
        lambda x: {"sum": x.sum(0), "mean": x.mean(-1), "softmax": x.softmax(0), "max": x.amax(0),
                   "var": x.var(0, correction=0)}, torch.tensor(2.5)),
    "windows that hang over": (
        lambda x: torch.nn.functional.max_pool2d(x[None, None], 3, 2, 1, 1, True),
        torch.arange(30.0).reshape(5, 6)),
    "ones on the diagonal": (lambda x: torch.eye(3) * x, floats(2)),
    "bytes": (
        lambda x: {"float": x.float() / 255, "sum": x.sum(), "flip": x.flip(0), "gt": x > 100},
        torch.tensor([3, 200, 255], dtype=torch.uint8)),
}  # fmt: skip
# What functions of another library, and sums in another order, may differ by.
LAST_DIGIT = {"float64 is not rounded": 1e-15, "variance over all axes": 1e-6}


@pytest.mark.filterwarnings("ignore:var")  # of too few
@pytest.mark.parametrize("name", FUNCTIONS)
def test_numbers(check, name):
    function, x = FUNCTIONS[name]
    check(function, x, tolerance=LAST_DIGIT.get(name, 0))


EXTREMES = {
    "amax": lambda x: (x * 0.1).amax(),
    "amin": lambda x: (3 - x * 0.1).amin(0),
    "max": lambda x: (x * 0.1).max(),
    "norm": lambda x: (x * 0.1).norm(float("inf")),
    "rows": lambda x: (x.reshape(-1, 1) * torch.tensor([0.1, 0.3])).amax(0),
}


@pytest.mark.parametrize("name", EXTREMES)
def test_extremes_of_computed_numbers_have_gradients(check, name):
    check(slope(EXTREMES[name]), torch.tensor([1.0, 2.0, 3.0]), tolerance=1e-6)


def test_a_slice_that_begins_before_the_beginning(check):
    def function(x):
        y = x.clone()
        y[-10:] = 9
        return y

    check(function, torch.ones(3))
