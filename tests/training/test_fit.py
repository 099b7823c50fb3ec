"""The training loop: what it equals, what it visits, when it stops, what it refuses."""

import doctest
import json
from importlib import import_module

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from dlbook.datasets.toy_classification import moons
from dlbook.explore.worker import Cancelled
from dlbook.losses import squared_error
from dlbook.metrics import accuracy
from dlbook.optimizers import OPTIMIZERS
from dlbook.random import permutation
from dlbook.training import ORDERS, History, fit, predict


def network(seed=0, *middle):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return nn.Sequential(nn.Linear(2, 8), nn.Tanh(), *middle, nn.Linear(8, 2))


def weights(model):
    return torch.cat([p.detach().ravel() for p in model.parameters()])


def train(model, **settings):
    settings = {"loss_fn": F.cross_entropy, "lr": 0.1, "num_epochs": 3, "batch_size": 16} | settings
    return fit(model, moons(50), **settings)


def test_equals_a_loop_written_by_hand():
    X, y = moons(50)
    model, twin = network(), network()
    history = train(model, optimizer="momentum", hyper={"weight_decay": 0.01})
    optimizer = torch.optim.SGD(twin.parameters(), lr=0.1, momentum=0.9, weight_decay=0.01)
    losses = []
    for epoch in range(3):
        for batch in permutation(50, seed=0, stream=ORDERS + epoch).split(16):
            loss = F.cross_entropy(twin(X[batch]), y[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.detach())
    assert len(losses) == 12
    torch.testing.assert_close(history.losses, torch.stack(losses), rtol=0, atol=1e-6)
    torch.testing.assert_close(weights(model), weights(twin), rtol=0, atol=1e-6)


@pytest.mark.parametrize(
    ("optimizer", "twin"), [("sgd", torch.optim.SGD), ("adam", torch.optim.Adam)]
)
def test_float64_is_float64_all_the_way(optimizer, twin):
    """With η = 0.1 in float32, SGD is off by 2e-9."""
    X, y = moons(50)
    model, other = network().double(), network().double()
    sets = {"train": (X.double(), y)}
    history = fit(model, sets["train"], loss_fn=F.cross_entropy, optimizer=optimizer, lr=0.1,
                  num_steps=20, evaluate=sets)  # fmt: skip
    theirs = twin(other.parameters(), lr=0.1)
    for _ in range(20):
        theirs.zero_grad()
        F.cross_entropy(other(X.double()), y).backward()
        theirs.step()
    torch.testing.assert_close(weights(model), weights(other), rtol=0, atol=1e-13)
    last = F.cross_entropy(other(X.double()), y).item()
    assert history.metrics["train loss"][-1].item() == pytest.approx(last, rel=0, abs=1e-13)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimizer_lowers_the_loss(optimizer):
    history = train(network(), optimizer=optimizer, lr=None, num_epochs=200, batch_size=None)
    assert history.losses[-1] < history.losses[0]


def test_history_counts_steps_and_evaluations():
    sets = {"train": moons(50), "test": moons(80, seed=1)}
    right = {"accuracy": lambda logits, y: accuracy(logits.argmax(1), y), "loss": F.cross_entropy}
    model = network()
    before = F.cross_entropy(predict(model, sets["test"][0]), sets["test"][1]).item()
    history = train(model, num_epochs=5, evaluate=sets, metrics=right, evaluate_every=2)
    assert isinstance(history, History)
    assert history.steps.tolist() == list(range(20))
    assert history.losses.shape == (20,)
    assert history.evaluated.tolist() == [0, 8, 16, 20]
    assert set(history.metrics) == {
        f"{name} {metric}" for name in sets for metric in ("accuracy", "loss")
    }
    assert history.metrics["test loss"][0].item() == pytest.approx(before)
    last = accuracy(predict(model, sets["test"][0]).argmax(1), sets["test"][1])
    assert history.metrics["test accuracy"][-1].item() == pytest.approx(last)


def test_history_becomes_plain_numbers():
    history = train(network(), evaluate={"test": moons(20, seed=1)})
    plain = history.to_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert list(plain["metrics"]) == ["test loss"]
    assert len(plain["losses"]) == len(plain["steps"]) == 12


def test_dropping_the_last_batch_leaves_full_batches():
    history = train(network(), drop_last=True)
    assert len(history.losses) == 9


def test_a_seed_repeats_the_run_even_with_dropout():
    runs = {seed: [] for seed in (0, 1)}
    for seed in (0, 0, 1):
        model = network(0, nn.Dropout(0.5))
        history = train(model, seed=seed, optimizer="adam", lr=0.01)
        runs[seed].append((history.losses, weights(model)))
        torch.rand(3)  # another use of torch's generator in between
    (first, second), (other,) = runs[0], runs[1]
    assert torch.equal(first[0], second[0])
    assert torch.equal(first[1], second[1])
    assert not torch.allclose(first[0], other[0])


def test_torch_generator_is_left_as_it_was():
    before = torch.get_rng_state()
    train(network(0, nn.Dropout(0.5)))
    assert torch.equal(before, torch.get_rng_state())


def test_generators_of_other_devices_are_not_seeded(monkeypatch):
    """`torch.manual_seed` would seed all of them, and only the device's own is restored."""
    model, seeded = network(0, nn.Dropout(0.5)), []
    monkeypatch.setattr(torch.cuda, "manual_seed_all", seeded.append)
    train(model)
    assert not seeded


def test_num_steps_may_end_within_an_epoch():
    model, same = network(), network()
    history = fit(model, moons(50), loss_fn=F.cross_entropy, lr=0.1, num_steps=6, batch_size=16)
    longer = train(same, num_epochs=2)
    assert torch.equal(history.losses, longer.losses[:6])


def test_progress_counts_up_and_may_cancel():
    seen = []

    def progress(done, total):
        seen.append((done, total))
        if done == 5:
            raise Cancelled

    model, same = network(0, nn.Dropout(0.5)), network(0, nn.Dropout(0.5))
    before = torch.get_rng_state()
    with pytest.raises(Cancelled):
        train(model, progress=progress)
    assert seen == [(n, 12) for n in range(1, 6)]
    assert not model.training
    assert torch.equal(before, torch.get_rng_state())
    train(same, num_steps=5, num_epochs=None)
    assert torch.equal(weights(model), weights(same)), "the five steps are made"


def test_an_error_of_an_evaluation_leaves_eval_mode_too():
    def broken(y_hat, y):
        raise ZeroDivisionError

    model = network()
    with pytest.raises(ZeroDivisionError):
        train(model, evaluate={"test": moons(20)}, metrics={"error": broken})
    assert not model.training


def test_a_run_that_diverges_says_so_in_its_losses():
    history = train(network(), lr=3e38, num_epochs=2)
    assert len(history.losses) == 8
    assert not history.losses.isfinite().all()


def test_trains_in_train_mode_and_leaves_eval_mode():
    model, seen = network(), []
    model.register_forward_hook(lambda module, *_: seen.append(module.training))
    train(model, num_epochs=1, evaluate={"test": moons(20)})
    assert seen == [False, True, True, True, True, False]
    assert not model.training


def test_frozen_parameters_stay():
    model = network()
    model[0].weight.requires_grad_(False)
    frozen, free = model[0].weight.clone(), model[2].weight.clone()
    train(model)
    assert torch.equal(model[0].weight, frozen)
    assert not torch.equal(model[2].weight, free)


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "adamw"])
def test_a_parameter_that_the_loss_does_not_reach_stays(optimizer):
    model = network()
    model.unused = nn.Linear(2, 2)
    before = weights(model.unused)
    model.forward = lambda X: model[2](model[1](model[0](X)))
    twin = network()
    hyper = {"weight_decay": 0.1}
    train(model, optimizer=optimizer, hyper=hyper)
    train(twin, optimizer=optimizer, hyper=hyper)
    assert torch.equal(weights(model.unused), before)
    assert torch.equal(weights(model[0]), weights(twin[0]))


def test_one_loss_a_sample_is_averaged():
    X = torch.linspace(-1, 1, 50).unsqueeze(1)
    finals = []
    for loss_fn in (F.mse_loss, squared_error):
        model = nn.Linear(1, 1)
        nn.init.zeros_(model.weight)
        nn.init.zeros_(model.bias)
        fit(model, (X, 3 * X + 2), loss_fn=loss_fn, lr=0.1, num_steps=20)
        finals.append(weights(model))
    torch.testing.assert_close(*finals)


@pytest.mark.parametrize("device", ["cpu", "cuda"])
def test_device(device):
    if device == "cuda" and not torch.cuda.is_available():
        with pytest.raises((AssertionError, RuntimeError)):
            train(network(), device="cuda")
        return
    model = network()
    history = train(model, device=device, evaluate={"test": moons(20)}, optimizer="adam")
    assert next(model.parameters()).device.type == device
    assert history.losses.device.type == "cpu"
    assert history.losses[-1] < history.losses[0]


def test_the_same_on_the_gpu():
    if not torch.cuda.is_available():
        pytest.skip("no CUDA device")
    here, there = (train(network(), device=d).losses for d in ("cpu", "cuda"))
    torch.testing.assert_close(here, there, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"optimizer": "sdg"}, "no optimizer is called 'sdg'"),
        ({"hyper": {"beta1": 0.5}}, "sgd has no hyper-parameter 'beta1'"),
        ({"batch_size": 0}, "batch_size must be 1 to 50"),
        ({"batch_size": 51}, "not 51"),
        ({"num_epochs": None}, "one of num_epochs"),
        ({"num_steps": 3}, "one of num_epochs"),
        ({"num_epochs": 0}, "num_epochs must be at least 1, not 0"),
        ({"evaluate_every": 0}, "evaluate_every must be at least 1"),
    ],
)
def test_bad_settings_are_named(settings, message):
    with pytest.raises(ValueError, match=message):
        train(network(), **settings)


def test_data_that_do_not_fit_are_named():
    X, y = moons(50)
    with pytest.raises(ValueError, match="X holds 50 samples and y 40"):
        fit(network(), (X, y[:40]), loss_fn=F.cross_entropy, num_epochs=1)
    with pytest.raises(ValueError, match=r"\(50, 1\).*\(50,\).*\(50, 50\)"):
        fit(nn.Linear(2, 1), (X, y), loss_fn=squared_error, num_epochs=1)
    with pytest.raises(ValueError, match="no parameter"):
        fit(nn.Tanh(), (X, y), loss_fn=F.cross_entropy, num_epochs=1)


@pytest.mark.parametrize(
    "loss_fn", [squared_error, nn.MSELoss(), lambda y_hat, y: (y_hat - y).abs().mean()]
)
@pytest.mark.parametrize("num_outputs", [1, 50])
def test_targets_that_would_be_broadcast_are_refused(loss_fn, num_outputs):
    X, y = moons(50)
    model = nn.Linear(2, num_outputs)
    before = weights(model)
    message = rf"\(50, {num_outputs}\) and targets \(50,\)"
    with pytest.raises(ValueError, match=message):
        fit(model, (X, y.float()), loss_fn=loss_fn, num_epochs=1)
    assert torch.equal(weights(model), before)


def test_targets_of_an_evaluation_that_would_be_broadcast_are_refused():
    X, y = moons(50)
    right, wrong = (X, y.float().unsqueeze(1)), {"test": (X, y.float())}
    with pytest.raises(ValueError, match=r"\(50, 1\) and targets \(50,\)"):
        fit(nn.Linear(2, 1), right, loss_fn=nn.MSELoss(), num_epochs=1, evaluate=wrong)


@pytest.mark.parametrize("name", ["fit", "batches"])
def test_examples_in_the_docstrings(name):
    found = doctest.testmod(import_module(f"dlbook.training.{name}"))
    assert found.attempted > 0
    assert found.failed == 0
