"""Every optimizer equals its twin in torch.optim, is pure, and can be traced."""

import doctest
from importlib import import_module
from itertools import pairwise

import pytest
import torch
from torch.fx.experimental.proxy_tensor import make_fx
from twins import distance, gradients, run, run_twin, start

from dlbook.optimizers import MEMORY, OPTIMIZERS, default_hyper, initial_state

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


@pytest.mark.parametrize("max_norm", [None, 0.3])
@pytest.mark.parametrize(("name", "changes"), CASES)
def test_fifty_steps_equal_torch(name, changes, max_norm):
    changes = {"lr": RATES.get(name, 0.05)} | changes
    params = start(torch.float64)  # so that what differs is the rule, not the rounding
    mine = run(name, params, default_hyper(name, dtype=torch.float64, **changes), max_norm)
    assert distance(mine, params) > 0.1
    assert distance(mine, run_twin(name, params, changes, max_norm)) < 1e-10


@pytest.mark.parametrize("weight_decay", [0.0, 0.03])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_fifty_steps_equal_torch_in_float32(name, weight_decay):
    """With hyper-parameters in float32, as pages have them."""
    changes = {"lr": RATES.get(name, 0.05), "weight_decay": weight_decay}
    check_float32(name, changes, None, torch.float32)


@pytest.mark.parametrize("weight_decay", [0.0, 0.03])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_fifty_clipped_steps_equal_torch_in_float32(name, weight_decay):
    """With hyper-parameters in float64, as torch has them: 1 - ρ loses two digits in float32."""
    changes = {"lr": RATES.get(name, 0.05), "weight_decay": weight_decay}
    check_float32(name, changes, 0.3, torch.float64)


def check_float32(name, changes, max_norm, hyper_dtype):
    """Equal to 1e-6, or to three times what torch's float32 run is from its float64 run."""
    params = start(torch.float32)
    twin = run_twin(name, params, changes, max_norm)
    exact = run_twin(name, start(torch.float64), changes, max_norm)
    mine = run(name, params, default_hyper(name, dtype=hyper_dtype, **changes), max_norm)
    assert distance(mine, twin) < max(1e-6, 3 * distance(twin, exact))


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


@pytest.mark.parametrize("module", ["rules", "start"])
def test_examples_in_the_docstrings(module):
    found = doctest.testmod(import_module(f"dlbook.optimizers.{module}"))
    assert found.attempted > 0
    assert found.failed == 0
