"""Every optimizer equals its twin in torch.optim, is pure, and can be traced."""

import doctest
from itertools import pairwise

import pytest
import torch
from torch.fx.experimental.proxy_tensor import make_fx

from dlbook import optimizers, random
from dlbook.optimizers import (
    DEFAULTS,
    MEMORY,
    OPTIMIZERS,
    clip_gradients,
    default_hyper,
    initial_state,
)

TWINS = {
    "sgd": (torch.optim.SGD, {}),
    "momentum": (torch.optim.SGD, {"momentum": "momentum", "dampening": "dampening"}),
    "nesterov": (torch.optim.SGD, {"momentum": "momentum", "nesterov": True}),
    "adagrad": (torch.optim.Adagrad, {"eps": "eps"}),
    "rmsprop": (torch.optim.RMSprop, {"alpha": "rho", "eps": "eps"}),
    "adadelta": (torch.optim.Adadelta, {"rho": "rho", "eps": "eps"}),
    "adam": (torch.optim.Adam, {"eps": "eps"}),
    "adamw": (torch.optim.AdamW, {"eps": "eps"}),
}
RATES = {"adagrad": 0.1, "rmsprop": 0.02, "adadelta": 1.0, "adam": 0.05, "adamw": 0.05}
CASES = [
    *((name, {}) for name in OPTIMIZERS),
    *((name, {"weight_decay": 0.03}) for name in OPTIMIZERS),
    ("momentum", {"dampening": 0.4}),
    ("momentum", {"dampening": 0.4, "weight_decay": 0.03, "momentum": 0.5}),
    ("adam", {"beta1": 0.5, "beta2": 0.9, "eps": 1e-3}),
    ("adamw", {"beta1": 0.5, "beta2": 0.9, "eps": 1e-3}),
    ("rmsprop", {"rho": 0.5, "eps": 1e-3}),
    ("adagrad", {"eps": 1e-2}),
    ("adadelta", {"rho": 0.5, "eps": 1e-3, "lr": 0.3}),
]


def start(dtype):
    """Parameters in nested dicts."""
    weight, bias = (random.normal(n, seed=0, stream=k).to(dtype) for k, n in enumerate([6, 2]))
    return {"layer": {"weight": weight.reshape(2, 3), "bias": bias}, "scale": bias[:1] + 3}


def loss(params):
    """Not quadratic, and badly scaled: gradients change size and sign on the way."""
    weight, bias, scale = params["layer"]["weight"], params["layer"]["bias"], params["scale"]
    x = torch.linspace(-2, 2, 15, dtype=scale.dtype).reshape(5, 3)
    return (
        ((scale * torch.tanh(x @ weight.T + bias)).sum(1) - torch.sin(3 * x[:, 0])).square().mean()
    )


def gradients(params):
    return torch.func.grad(loss)(params)


def run(name, params, hyper, num_steps=50):
    state = initial_state(name, params)
    for _ in range(num_steps):
        params, state = OPTIMIZERS[name](params, gradients(params), state, hyper)
    return params


def run_twin(name, params, changes, num_steps=50):
    twin, words = TWINS[name]
    values = DEFAULTS[name] | {"weight_decay": DEFAULTS[name]["weight_decay"] or 0} | changes
    kwargs = {k: values.get(v, v) if isinstance(v, str) else v for k, v in words.items()}
    if "beta1" in values:
        kwargs["betas"] = (values["beta1"], values["beta2"])
    params = {
        "layer": {k: v.clone().requires_grad_() for k, v in params["layer"].items()},
        "scale": params["scale"].clone().requires_grad_(),
    }
    leaves = [*params["layer"].values(), params["scale"]]
    optimizer = twin(leaves, lr=values["lr"], weight_decay=values["weight_decay"], **kwargs)
    for _ in range(num_steps):
        optimizer.zero_grad()
        loss(params).backward()
        optimizer.step()
    return params


def distance(params, others):
    pairs = [(params["layer"][k], others["layer"][k]) for k in params["layer"]]
    return max((a - b).abs().max().item() for a, b in [*pairs, (params["scale"], others["scale"])])


@pytest.mark.parametrize(("name", "changes"), CASES)
def test_fifty_steps_equal_torch(name, changes):
    changes = {"lr": RATES.get(name, 0.05)} | changes
    params = start(torch.float64)  # so that what differs is the rule, not the rounding
    mine = run(name, params, default_hyper(name, dtype=torch.float64, **changes))
    assert distance(mine, params) > 0.1
    assert distance(mine, run_twin(name, params, changes)) < 1e-10


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_fifty_steps_equal_torch_in_float32(name):
    """To 1e-6, or three times what torch's own float32 run is from its float64 run."""
    changes = {"lr": RATES.get(name, 0.05)}
    params = start(torch.float32)
    twin = run_twin(name, params, changes)
    exact = run_twin(name, start(torch.float64), changes)
    mine = run(name, params, default_hyper(name, **changes))
    assert distance(mine, twin) < max(1e-6, 3 * distance(twin, exact))


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_defaults_are_those_of_torch(name):
    twin, words = TWINS[name]
    theirs = twin([torch.zeros(1, requires_grad=True)]).defaults
    for mine, value in DEFAULTS[name].items():
        if mine in ("beta1", "beta2"):
            assert theirs["betas"][mine == "beta2"] == value
        elif mine != "momentum":  # torch's default is none
            named = {v: k for k, v in words.items() if isinstance(v, str)}
            assert theirs[named.get(mine, mine)] == (value or 0)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_nothing_is_changed_in_place(name):
    params, grads = start(torch.float32), gradients(start(torch.float32))
    state = initial_state(name, params)
    OPTIMIZERS[name](params, grads, state, default_hyper(name, lr=0.1, weight_decay=0.1))
    assert distance(params, start(torch.float32)) == 0
    assert distance(grads, gradients(params)) == 0
    assert repr(state) == repr(initial_state(name, params))


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_traced_graph_is_pure_and_serves_every_setting(name):
    params = start(torch.float32)
    grads, state = gradients(params), initial_state(name, params)
    arguments = (params, grads, state)
    graph = make_fx(OPTIMIZERS[name])(*arguments, default_hyper(name, weight_decay=0.0))
    operators = {str(node.target) for node in graph.graph.nodes if node.op == "call_function"}
    assert operators
    assert not [o for o in operators if o.split(".")[1].endswith("_")], "in-place"
    other = default_hyper(name, lr=0.3, weight_decay=0.2)
    for _ in range(3):
        (params, state), (traced, _) = OPTIMIZERS[name](*arguments, other), graph(*arguments, other)
        assert distance(params, traced) < 1e-7
        arguments = (params, grads, state)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_state_has_the_shapes_of_the_parameters(name):
    params = start(torch.float32)
    state = initial_state(name, params)
    assert tuple(state) == MEMORY[name]
    for key, memory in state.items():
        if key != "step":
            assert memory["layer"]["weight"].shape == (2, 3)
    _, after = OPTIMIZERS[name](params, gradients(params), state, default_hyper(name))
    assert list(after) == list(state)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_no_decay_is_a_decay_of_zero(name):
    params, zero = start(torch.float32), {"weight_decay": 0.0}
    hyper = {k: v for k, v in default_hyper(name).items() if k != "weight_decay"}
    if name == "adamw":
        hyper |= {"weight_decay": torch.tensor(0.0)}
    assert distance(run(name, params, hyper), run(name, params, default_hyper(name, **zero))) == 0


def test_decay_in_adam_is_scaled_away_and_in_adamw_is_not():
    """Weights that no loss pulls at: Adam takes steps of the size lr, AdamW shrinks by lr λ."""
    params, zero = {"w": torch.tensor([10.0])}, {"w": torch.zeros(1)}
    hyper = {"lr": 0.1, "weight_decay": 0.01}
    coupled, _ = OPTIMIZERS["adam"](
        params, zero, initial_state("adam", params), default_hyper("adam", **hyper)
    )
    apart, _ = OPTIMIZERS["adamw"](
        params, zero, initial_state("adamw", params), default_hyper("adamw", **hyper)
    )
    assert coupled["w"].item() == pytest.approx(9.9)
    assert apart["w"].item() == pytest.approx(9.99)


@pytest.mark.parametrize("max_norm", [0.01, 0.5, 100.0])
def test_clipping_equals_torch(max_norm):
    grads = gradients(start(torch.float64))
    clipped = clip_gradients(grads, max_norm)
    leaves = [grads["layer"]["weight"], grads["layer"]["bias"], grads["scale"]]
    parameters = [torch.zeros_like(leaf, requires_grad=True) for leaf in leaves]
    for parameter, leaf in zip(parameters, leaves, strict=True):
        parameter.grad = leaf.clone()
    norm = torch.nn.utils.clip_grad_norm_(parameters, max_norm)
    assert 0.5 < norm < 100, "both sides of the threshold are tried"
    torch.testing.assert_close(clipped["layer"]["weight"], parameters[0].grad, rtol=0, atol=1e-12)
    torch.testing.assert_close(clipped["scale"], parameters[2].grad, rtol=0, atol=1e-12)


def test_clipping_is_pure():
    grads = gradients(start(torch.float32))
    before = grads["scale"].clone()
    clip_gradients(grads, 1e-3)
    assert torch.equal(grads["scale"], before)


@pytest.mark.parametrize(
    ("name", "changes", "message"),
    [
        ("sgd", {"lr": -0.1}, "lr must be at least 0, not -0.1"),
        ("sgd", {"lr": float("nan")}, "lr must be at least 0, not nan"),
        ("adam", {"weight_decay": -1e-4}, "weight_decay must be at least 0"),
        ("adagrad", {"eps": -1e-8}, "eps must be at least 0"),
        ("nesterov", {"momentum": -0.9}, "momentum must be at least 0"),
        ("adam", {"beta1": 1.0}, "beta1 must be at least 0 and below 1, not 1.0"),
        ("adamw", {"beta2": -0.1}, "beta2 must be at least 0 and below 1"),
        ("rmsprop", {"rho": 1.1}, "rho must be from 0 to 1, not 1.1"),
    ],
)
def test_values_out_of_range_are_refused(name, changes, message):
    with pytest.raises(ValueError, match=message):
        default_hyper(name, **changes)


def test_values_at_the_ends_of_the_ranges_are_taken():
    ends = {"lr": 0, "beta1": 0, "beta2": 0.9999, "eps": 0, "weight_decay": 0}
    assert default_hyper("adam", **ends)["beta2"].item() == pytest.approx(0.9999)
    for rho in (0, 1):
        assert default_hyper("adadelta", rho=rho)["rho"] == rho
    assert "weight_decay" not in default_hyper("sgd", weight_decay=None)


def test_rates_of_adagrad_fall_though_steps_may_grow():
    hyper, w = default_hyper("adagrad", lr=1.0), {"w": torch.zeros(1)}
    state, places, rates = initial_state("adagrad", w), [0.0], []
    for gradient in (1.0, 0.1, 3.0):
        w, state = OPTIMIZERS["adagrad"](w, {"w": torch.tensor([gradient])}, state, hyper)
        places.append(w["w"].item())
        rates.append(1 / state["squares"]["w"].sqrt().item())
    steps = [before - after for before, after in pairwise(places)]
    assert steps == pytest.approx([1.0, 0.0995, 0.948], abs=1e-3)
    assert rates == sorted(rates, reverse=True)


def test_unknown_names_are_refused():
    with pytest.raises(ValueError, match=r"'adamm'.*adadelta"):
        default_hyper("adamm")
    with pytest.raises(ValueError, match=r"'sdg'"):
        initial_state("sdg", {})
    with pytest.raises(ValueError, match=r"adam has no hyper-parameter 'momentum'.*beta1"):
        default_hyper("adam", momentum=0.9)


def test_examples_in_the_docstrings():
    found = doctest.testmod(optimizers)
    assert found.attempted > 0
    assert found.failed == 0
