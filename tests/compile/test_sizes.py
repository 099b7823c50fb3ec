"""One program for every width, batch and length: compiled once, equal to torch at several sizes."""

from dataclasses import dataclass

import pytest
import torch
from machine import Job, run_in_browser
from torch import nn
from torch.nn import functional as F
from zoo.attention import CausalAttention
from zoo.training import Example, supervised

from dlbook.compile import CannotCompile, compile_program
from dlbook.compile.names import flatten

pytest.importorskip("playwright")
from chromium import chromium


def mlp(width: int, batch: int) -> Example:
    model = nn.Sequential(
        nn.Linear(2, width), nn.Tanh(), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, 1)
    )
    batch = {"X": torch.randn(batch, 2), "y": torch.rand(batch).round()}
    return supervised(
        model,
        lambda call, b: F.binary_cross_entropy_with_logits(call(b["X"]).squeeze(-1), b["y"]),
        batch,
    )


class Recurrent(nn.Module):
    """A cell along three places; what it knows of sizes comes from its inputs."""

    def __init__(self, width: int):
        super().__init__()
        self.inner, self.into = nn.Linear(width, width), nn.Linear(1, width)
        self.out = nn.Linear(width, 1)

    def forward(self, x):
        hidden = torch.tanh(self.into(x[:, 0]))
        for t in range(1, x.shape[1]):
            hidden = torch.tanh(self.into(x[:, t]) + self.inner(hidden))
        return self.out(hidden)


def recurrent(width: int, batch: int) -> Example:
    batch = {"X": torch.randn(batch, 3, 1), "y": torch.randn(batch, 1)}
    return supervised(Recurrent(width), lambda call, b: F.mse_loss(call(b["X"]), b["y"]), batch)


def attention(length: int, batch: int) -> Example:
    return supervised(
        CausalAttention(),
        lambda call, b: F.mse_loss(call(b["X"]), b["X"]),
        {"X": torch.randn(batch, length, 8)},
    )


def cnn(batch: int) -> Example:
    model = nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(4, 6, 3, stride=2),
        nn.Flatten(), nn.Linear(6, 3),
    )  # fmt: skip
    batch = {"X": torch.randn(batch, 1, 8, 8), "y": torch.randint(0, 3, (batch,))}
    return supervised(model, lambda call, b: F.cross_entropy(call(b["X"]), b["y"]), batch)


def images(batch: int, side: int) -> Example:
    """A fully convolutional network: the side of the image is open too."""
    model = nn.Sequential(
        nn.Conv2d(1, 3, 3, padding=1), nn.Tanh(), nn.ConvTranspose2d(3, 1, 3, padding=1)
    )
    X = torch.randn(batch, 1, side, side)
    return supervised(model, lambda call, b: F.mse_loss(call(b["X"]), b["X"]), {"X": X})


@dataclass
class Family:
    make: object
    compiled_at: dict[str, int]
    run_at: list[dict[str, int]]


FAMILIES = {
    "mlp": Family(
        mlp, {"width": 17, "batch": 37},
        [{"width": 1, "batch": 1}, {"width": 4, "batch": 50}, {"width": 16, "batch": 256}],
    ),
    "recurrent": Family(
        recurrent, {"width": 17, "batch": 37}, [{"width": 8, "batch": 5}, {"width": 3, "batch": 64}]
    ),
    "attention": Family(
        attention, {"length": 11, "batch": 37},
        [{"length": 5, "batch": 16}, {"length": 2, "batch": 3}, {"length": 20, "batch": 1}],
    ),
    "cnn": Family(cnn, {"batch": 37}, [{"batch": 64}, {"batch": 1}, {"batch": 7}]),
    "images": Family(
        images, {"batch": 37, "side": 13}, [{"batch": 2, "side": 6}, {"batch": 5, "side": 9}]
    ),
}  # fmt: skip


def trained(example: Example, steps: int) -> dict[str, torch.Tensor]:
    arguments = example.arguments
    for _ in range(steps):
        result = example.step(**arguments)
        arguments = arguments | {k: result[k] for k in ("params", "state")}
    return dict(flatten(result))


def test_one_program_holds_at_every_size(tmp_path):
    jobs, expected = [], []
    for name, family in FAMILIES.items():
        torch.manual_seed(0)
        example = family.make(**family.compiled_at)
        program = compile_program(
            example.step, *example.arguments.values(), sizes=family.compiled_at
        )
        for sizes in family.run_at:
            example = family.make(**sizes)
            jobs.append(Job(program, dict(flatten(example.arguments)), sizes, runs=20))
            expected.append((f"{name} {sizes}", trained(example, 20)))
    with chromium() as browser:
        results = run_in_browser(jobs, tmp_path, browser)
    for (name, torchs), pages in zip(expected, results, strict=True):
        for key, value in torchs.items():
            error = (pages[key] - value).abs() / value.abs().clamp(min=1)
            assert error.max() < 1e-5, f"{name}: {key}"


def test_lengths_must_be_distinct_and_stand_out():
    example = mlp(17, 17)
    with pytest.raises(ValueError, match="width and batch are both 17"):
        compile_program(example.step, *example.arguments.values(), sizes={"width": 17, "batch": 17})
    with pytest.raises(ValueError, match="batch is 2"):
        compile_program(lambda x: x, torch.zeros(2), sizes={"batch": 2})


def test_a_size_that_the_function_fixes_is_refused():
    with pytest.raises(CannotCompile, match="needs width to be 17"):
        compile_program(
            lambda x: x.reshape(17) + torch.ones(17), torch.zeros(17), sizes={"width": 17}
        )


def test_a_function_that_does_something_else_at_other_sizes_is_refused():
    def function(x):
        return x * 2 if x.shape[0] > 10 else x

    with pytest.raises(CannotCompile, match=r"unless batch > 10"):
        compile_program(function, torch.zeros(17), sizes={"batch": 17})


def test_a_size_can_be_a_parameter(tmp_path):
    def function(x, width):
        return x.sum() / width**0.5 + torch.arange(width).sum()

    program = compile_program(function, torch.zeros(17), sizes={"width": 17})
    job = Job(program, {"x": torch.arange(5.0)}, {"width": 5})
    with chromium() as browser:
        (result,) = run_in_browser([job], tmp_path, browser)
    assert result["output"].item() == pytest.approx(10 / 5**0.5 + 10, rel=1e-6)


def at_17(function):
    return compile_program(function, torch.zeros(17), sizes={"n": 17})


@pytest.mark.parametrize(
    "function",
    [
        lambda x: x * 2 if x.shape[0] == 5 else x,
        lambda x: x * 2 if x.shape[0] == 1 else x,
        lambda x: x * 2 if x.shape[0] < 2 else x,
        lambda x: x * 2 if x.shape[0] > 300 else x,
        lambda x: x * 2 if x.shape[0] % 5 == 0 else x,
        lambda x: x / max(x.shape[0], 5),
        lambda x: x[:300],
        lambda x: x[-20:],
        lambda x: x[2],
    ],
)
def test_a_function_with_a_case_for_some_sizes_is_refused(function):
    with pytest.raises(CannotCompile, match="does something else unless"):
        at_17(function)


def test_the_line_that_asks_for_a_size_is_named():
    with pytest.raises(CannotCompile, match=r"Ne\(n, 5\); asked by test_sizes.py:\d+: .*== 5"):
        at_17(lambda x: x * 2 if x.shape[0] == 5 else x)


@pytest.mark.parametrize("drop", [lambda x: x[:, None].squeeze(), lambda x: x[None].squeeze(-1)])
def test_an_axis_that_goes_at_size_1_only_is_refused(drop):
    with pytest.raises(CannotCompile, match=r"open axis.*used by test_sizes.py:\d+: "):
        at_17(drop)
    at_17(lambda x: x[:, None].squeeze(1) * x[None].squeeze(0))


PARTS = {
    "the last two": (lambda x: x[-2:], 2),
    "the first two, summed": (lambda x: x[:2].sum(), 2),
    "the first three, summed": (lambda x: x[:3].sum(), 3),
    "one": (lambda x: x[-2] + x[1], 2),
    "all but two": (lambda x: x[2:].sum(), 2),
    "one written": (lambda x: torch.select_scatter(x, x.sum(), 0, 2), 3),
    "written": (lambda x: torch.slice_scatter(x, x[:2] * 0, 0, 0, 2), 2),
}


@pytest.mark.parametrize("name", PARTS)
def test_a_part_that_a_small_size_lacks_is_an_error(run, check, name):
    function, least = PARTS[name]
    for length in (least, 5, 20):
        x = torch.arange(float(length)) + 1
        check(function, torch.zeros(17), at=[x], sizes={"n": 17}, tolerance=1e-6)
    with pytest.raises(AssertionError, match="sizes are too small"):
        run(function, torch.zeros(17), at=[torch.ones(least - 1)], sizes={"n": 17})


@pytest.mark.parametrize("length", [1, 2, 5, 8, 23])
def test_remainders_of_sizes_are_those_of_python(check, length):
    def function(x):
        short = -x.shape[0] % 4
        return {"padded": F.pad(x, (0, short)), "number": x.sum() + (x.shape[0] - 20) % 7}

    check(function, torch.zeros(17), at=[torch.arange(float(length))], sizes={"n": 17})


def test_numbers_that_follow_from_sizes_are_float32(check):
    x = torch.full((5,), 5**-0.5)
    check(lambda x: x == x.shape[0] ** -0.5, torch.zeros(17), at=[x], sizes={"n": 17})


@pytest.mark.parametrize("length", [1, 2, 3, 19])
def test_rolls_and_differences_at_every_size(check, length):
    x = torch.arange(float(length))
    for function in (lambda x: x.roll(3), lambda x: x.diff()):
        check(function, torch.zeros(17), at=[x], sizes={"n": 17})
