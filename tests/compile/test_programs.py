"""What a program is: names, draws, feedback, digest; and that its numbers hide nothing."""

import math

import pytest
import torch
from machine import Job, run_in_browser
from torch import nn

from dlbook import random
from dlbook.compile import compile_program
from dlbook.compile.names import flatten

pytestmark = pytest.mark.xdist_group("programs")  # one browser


def initialise(params, seed):
    """Kaiming-uniform weights, normal biases."""
    new = {}
    for k, (name, like) in enumerate(params.items()):
        draw = random.uniform if like.dim() > 1 else random.normal
        new[name] = draw(like.shape, seed=seed, stream=2 * k + 1) * like.shape[-1] ** -0.5
    return {"params": new}


def like(width: int) -> dict[str, torch.Tensor]:
    return {k: p.detach() for k, p in nn.Linear(2, width).named_parameters()}


@pytest.mark.parametrize("width", [1, 6, 33])
def test_an_initialiser_draws_what_python_draws(run, width):
    made = run(initialise, like(17), at=[like(width)], sizes={"width": 17}, ints={"seed": 5})
    expected = dict(flatten(initialise(like(width), 5)))
    for name, value in expected.items():
        assert torch.allclose(made[name], value, atol=1e-7, rtol=1e-6), name


def shuffled_step(params, batch, seed, step):
    """A step on a shuffled half of the batch, with noise: everything that a page may draw."""
    X = batch["X"]
    order = random.permutation(X.shape[0], seed=seed, stream=4 * step + 2)
    chosen = random.integers(X.shape[0], 3, seed=seed, stream=4 * step + 3)
    noise = random.normal(X.shape, seed=seed, stream=4 * step)
    mask = random.uniform(X.shape, seed=seed, stream=4 * step + 1) < 0.8
    moved = (X[order] * mask + 0.1 * noise).mean(0) + X[chosen].sum(0)
    return {"params": {"w": params["w"] + 0.1 * moved}}


def test_draws_of_every_step_are_those_of_python(run):
    params, batch = {"w": torch.zeros(2)}, {"X": random.normal((9, 2), seed=1)}
    made = run(
        shuffled_step, params, {"X": torch.zeros(17, 2)}, at=[params, batch],
        sizes={"batch": 17}, ints={"seed": 3, "step": 0}, runs=5,
    )  # fmt: skip
    for step in range(5):
        params = shuffled_step(params, batch, 3, step)["params"]
    assert torch.allclose(made["params.w"], params["w"], atol=1e-6)


def test_a_program_says_what_it_takes_and_gives():
    program = compile_program(
        shuffled_step, {"w": torch.zeros(2)}, {"X": torch.zeros(17, 2)},
        sizes={"batch": 17}, ints=["seed", "step"],
    )  # fmt: skip
    assert program.inputs["batch.X"].shape == ("batch", 2)
    assert program.outputs["params.w"].returned
    assert [draw.kind for draw in program.draws] == [
        "permutation", "integers", "uniform", "uniform",
    ]  # fmt: skip
    assert [draw.stream for draw in program.draws] == [
        "4 * step + 2", "4 * step + 3", "4 * step", "4 * step + 1",
    ]  # fmt: skip
    assert program.draws[1].high == "batch"


def test_equal_code_has_equal_digests():
    def twice(x):
        return x * 2

    functions = ((twice, 3), (lambda x: x + x * 0 + x, 3), (twice, 4), (twice, 3))
    digests = [compile_program(function, torch.zeros(n)).digest for function, n in functions]
    assert digests[0] == digests[3]
    assert len(set(digests)) == 3


@pytest.mark.parametrize(
    ("ints", "sizes", "message"),
    [({"seed": -1}, {"width": 3}, "seed or stream"), ({"seed": 0}, {}, "size of the program")],
)
def test_the_page_names_what_is_wrong(tmp_path, browser, ints, sizes, message):
    program = compile_program(initialise, like(17), sizes={"width": 17}, ints=["seed"])
    with pytest.raises(AssertionError, match=message):
        run_in_browser([Job(program, {}, sizes, ints)], tmp_path, browser)


def test_a_draw_that_is_not_kept_costs_nothing():
    def function(x, seed):
        random.uniform(5, seed=seed)
        return x + 1

    assert compile_program(function, torch.zeros(3), ints=["seed"]).draws == ()


def test_swapped_inputs_are_both_read_before_they_are_written(run):
    def swap(state):
        return {"state": {"a": state["b"], "b": state["a"], "c": state["c"].flip(0)}}

    state = {k: torch.arange(4.0) * s for k, s in (("a", 1), ("b", -1), ("c", 2))}
    made = run(swap, state, runs=3)
    assert made["state.a"].tolist() == (-torch.arange(4.0)).tolist()
    assert made["state.b"].tolist() == torch.arange(4.0).tolist()
    assert made["state.c"].tolist() == [6, 4, 2, 0]


def test_updates_read_what_was_there_before_the_step(run):
    """Fused loops write in place; who reads a neighbour's old value must still get it."""

    def step(state):
        a, b = state["a"], state["b"]
        return {"state": {"a": a + b.roll(1), "b": b * a.sum() - a}, "old": a * 1.0}

    state = {"a": torch.tensor([1.0, 2.0, 3.0]), "b": torch.tensor([0.5, -1.0, 0.25])}
    made = run(step, state, runs=3)
    for _ in range(3):
        result = step(state)
        state = result["state"]
    for name, value in flatten(result):
        assert torch.allclose(made[name], value)


OVERFLOW = {
    "exp": lambda x: torch.exp(x),
    "naive softmax": lambda x: torch.exp(x) / torch.exp(x).sum(),
    "naive log of a probability": lambda x: torch.log(1 - torch.sigmoid(x)),
    "square": lambda x: (x * 1e30).square(),
    "log of a sum of exponentials, naive": lambda x: torch.log(torch.exp(x).sum()),
    "division by zero": lambda x: x / (x - x),
    "0 times infinity": lambda x: torch.exp(x) * 0,
    "relu of what is not a number": lambda x: torch.relu((x / 0) - (x / 0)),
    "maximum of what is not a number": lambda x: torch.cat([x, x / 0 - x / 0]).amax(0),
}


@pytest.mark.parametrize("name", OVERFLOW)
@pytest.mark.parametrize("count", [3, 100])  # computed in JavaScript, by the kernels
def test_overflow_shows_as_in_torch(run, name, count):
    x = torch.linspace(50, 150, count)
    made, expected = run(OVERFLOW[name], x)["output"], OVERFLOW[name](x)
    assert not torch.isfinite(expected).all()
    assert torch.equal(torch.isnan(made), torch.isnan(expected))
    assert torch.equal(torch.isinf(made), torch.isinf(expected))


def test_stable_functions_stay_finite(run):
    def function(x):
        return {
            "softmax": x.softmax(0), "log_softmax": x.log_softmax(0), "lse": x.logsumexp(0),
            "softplus": nn.functional.softplus(x), "logsigmoid": nn.functional.logsigmoid(x),
        }  # fmt: skip

    x = torch.tensor([1000.0, -1000.0, 999.0, 0.0])
    made, expected = run(function, x), function(x)
    for name, value in expected.items():
        assert torch.allclose(made[name], value), name


def test_a_diverging_run_is_visible(run):
    def step(params):
        w = params["w"].detach().requires_grad_()
        (slope,) = torch.autograd.grad((w**4).sum(), w)
        return {"params": {"w": params["w"] - 10 * slope}, "loss": (w**4).sum().detach()}

    made = run(step, {"w": torch.ones(3)}, runs=20)
    assert not math.isfinite(made["loss"].item())


def test_float64_constants_keep_all_their_digits(check):
    table = torch.tensor([math.pi, 1 / 3, -2.5, 1e-3 / 7], dtype=torch.float64)
    x = torch.ones(4)
    check(lambda x: {"double": table * x.double(), "single": table.float() * x}, x)


def test_a_scaled_product_is_added(check):
    def function(x, left, right):
        once = torch.addcmul(x, left, right)
        return {"once": once, "scaled": torch.addcmul(x, right, left, value=-0.5)}

    x, left = torch.tensor([1.0, -2.0, 0.5]), torch.tensor([3.0, 0.25, -1.0])
    check(function, x, left, torch.tensor(0.75))  # exact numbers: whatever is fused


def test_a_weighted_mean_counts_from_the_nearer_end(check):
    def means(start, end, weights):
        whole = {str(i): torch.lerp(start, end, w) for i, w in enumerate(weights)}
        each = torch.vmap(torch.lerp, in_dims=(None, 0, None))(
            start, torch.stack([end, start]), weights[0]
        )
        return whole | {"fixed": torch.lerp(start, end, 0.75), "each": each}

    start, end = torch.tensor([1.0, -2.0, 1e8]), torch.tensor([3.0, 0.25, -1.0])
    check(means, start, end, torch.tensor([0.1, 0.5, 0.999, 1.0, -0.25]))
