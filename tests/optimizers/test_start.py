"""Hyper-parameters and memory at the start: torch's defaults, checked values."""

import pytest
import torch
from twins import TWINS

from dlbook.optimizers import DEFAULTS, OPTIMIZERS, default_hyper, initial_state


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


def test_unknown_names_are_refused():
    with pytest.raises(ValueError, match=r"'adamm'.*adadelta"):
        default_hyper("adamm")
    with pytest.raises(ValueError, match=r"'sdg'"):
        initial_state("sdg", {})
    with pytest.raises(ValueError, match=r"adam has no hyper-parameter 'momentum'.*beta1"):
        default_hyper("adam", momentum=0.9)
