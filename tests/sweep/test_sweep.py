"""What a sweep takes, refuses and gives back."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from dlbook.datasets.toy_classification import moons
from dlbook.metrics import accuracy
from dlbook.models.mlp import mlp
from dlbook.schedules import cosine
from dlbook.sweep import EarlyStopping, sweep
from dlbook.sweep.compiled import why_not_compiled
from dlbook.sweep.engines import COSTS
from dlbook.sweep.programs import Programs

DATA = moons(40, 0.1, seed=0)
ENGINES = ("vmap", "graph", "sequential")


def model(width=3, activation=nn.Tanh, seed=0):
    return mlp([2, width, 2], activation, seed=seed)


def share_right(logits, y):
    return accuracy(logits.argmax(1), y)


def short(grid, make_model=model, data=DATA, loss_fn=F.cross_entropy, **settings):
    settings = {"num_steps": 5} | settings
    return sweep(make_model, data, grid, loss_fn=loss_fn, **settings)


class TestGrid:
    def test_dimensions_are_its_names(self):
        grid = {
            "lr": [0.1, 0.2],
            "activation": {"tanh": nn.Tanh, "ReLU": nn.ReLU},
            "seed": range(3),
        }
        runs = short(grid, views={"map": torch.zeros(7, 2)}, at_steps=[0, 5])
        assert dict(runs.loss.sizes) == {"lr": 2, "activation": 2, "seed": 3, "step": 5}
        assert list(runs.activation.values) == ["tanh", "ReLU"]
        assert runs["map"].shape == (2, 2, 3, 2, 7, 2)
        assert list(runs.at_step) == [0, 5]
        assert (runs.diverged_at == -1).all()
        assert (runs.stopped_at == 5).all()

    def test_classes_are_labelled_by_their_names(self):
        assert list(short({"activation": [nn.Tanh, nn.ReLU]}).activation.values) == ["Tanh", "ReLU"]

    @pytest.mark.parametrize(
        ("grid", "message"),
        [
            ({"widht": [3]}, "unknown name 'widht'. Known are model: width, activation"),
            ({"lr": []}, "no value for 'lr'"),
            ({"lr": [0.1, 0.1]}, "a value of 'lr' twice"),
            ({"rho": [0.9]}, "unknown name 'rho'.*hyper: lr, weight_decay, clip_norm"),
            ({"optimizer": ["adm"]}, "no optimizer is called 'adm'"),
            ({"optimizer": ["sgd", "momentum"], "momentum": [0.9]}, "unknown name 'momentum'"),
            ({"lr": [-0.1]}, "lr must be at least 0"),
            ({"batch_size": [50]}, "batch_size must be 1 to 40"),
        ],
    )
    def test_mistakes_are_named(self, grid, message):
        with pytest.raises(ValueError, match=message):
            short(grid)

    def test_a_name_with_two_meanings_is_refused(self):
        def make_model(lr=1.0):
            return nn.Linear(2, 2)

        with pytest.raises(ValueError, match="'lr' decides model and hyper, which is not clear"):
            short({"lr": [0.1]}, make_model)

    @pytest.mark.parametrize(
        ("settings", "message"),
        [
            ({"num_steps": None}, "give one of num_epochs"),
            ({"num_steps": 0}, "num_steps must be at least 1"),
            ({"at_steps": [0, 6]}, "they must ascend from 0 to 5"),
            ({"at_steps": [3, 1]}, "they must ascend"),
            ({"at_steps": [0], "at_epochs": [0]}, "one of at_steps and at_epochs"),
            ({"engine": "turbo"}, "no engine is called 'turbo'; there are auto, vmap"),
            ({"early_stopping": EarlyStopping("test loss")}, "watch 'test loss'.*: none"),
        ],
    )
    def test_other_mistakes_are_named(self, settings, message):
        with pytest.raises(ValueError, match=message):
            short({"lr": [0.1]}, **settings)

    def test_seeds_are_short_for_a_name_of_the_grid(self):
        assert list(short({"lr": [0.1]}, seeds=[4, 7]).seed) == [4, 7]

    def test_provenance(self):
        facts = short({"lr": [0.1], "activation": [nn.Tanh]}, engine="vmap").attrs
        assert json.loads(facts["grid"]) == {"lr": [0.1], "activation": ["Tanh"]}
        assert facts["torch"] == torch.__version__
        assert facts["members"] == 1
        assert facts["engine"] == "vmap"
        assert facts["interrupted"] == 0
        assert facts["models_per_second"] > 0


@torch.no_grad()
def test_it_trains_though_the_caller_takes_no_gradients():
    assert short({"lr": [0.5]}).loss.isel(step=-1) < short({"lr": [0.5]}).loss.isel(step=0)


class TestWhatDiffers:
    def test_data_may_depend_on_the_grid(self):
        def noisy(noise, seed):
            return moons(30, noise, seed=seed)

        runs = short({"noise": [0.0, 0.5], "seed": [1, 2]}, data=noisy, batch_size=10)
        own = short({"lr": [0.001]}, data=moons(30, 0.5, seed=2), batch_size=10, seeds=[2])
        np.testing.assert_allclose(runs.loss.sel(noise=0.5, seed=2), own.loss[0, 0], atol=1e-6)
        assert len(np.unique(runs.loss.round(4), axis=None)) > 10

    def test_numbers_of_points_make_groups(self):
        runs = short({"num_points": [10, 30]}, data=lambda num_points: moons(num_points, 0.1))
        assert runs.loss.notnull().all()

    def test_arguments_of_the_loss(self):
        def smoothed(logits, y, keep):
            return keep * F.cross_entropy(logits, y)

        runs = short({"keep": [0.5, 1.0]}, loss_fn=smoothed)
        assert abs(runs.loss[0, 0] - runs.loss[1, 0] / 2) < 1e-6

    def test_optimizers_batch_sizes_and_schedules(self):
        schedules = {"none": None, "cosine": cosine(8)}
        grid = {"optimizer": ["sgd", "adam"], "batch_size": [10, 40], "schedule": schedules}
        settings = {"evaluate": {"train": DATA}, "metrics": {"accuracy": share_right}}
        runs = short(grid, num_steps=None, num_epochs=2, at_epochs=[0, 1, 2], **settings)
        assert runs.loss.notnull().sum("step").sel(batch_size=10).values.tolist() == [
            [8, 8],
            [8, 8],
        ]
        assert (runs.stopped_at.sel(batch_size=40) == 2).all()
        assert runs["train accuracy"].sizes["at_epoch"] == 3
        changed = abs(runs.loss.sel(batch_size=10).diff("schedule")).max("step")
        assert (changed > 1e-6).all()

    def test_evaluation_data_may_depend_on_the_seed(self):
        def fresh(seed):
            return moons(50, 0.3, seed=seed + 100)

        runs = short({"seed": [0, 1]}, evaluate={"test": fresh})
        own = short({"seed": [1]}, evaluate={"test": fresh(1)})
        assert abs(runs["test loss"][1, 0] - own["test loss"][0, 0]) < 1e-6

    def test_parameters(self):
        runs = short({"seed": [0, 1]}, parameters=True)
        assert runs["parameter 0.weight"].shape == (2, 3, 2)
        with pytest.raises(ValueError, match="does not fit into one array"):
            short({"width": [2, 3]}, parameters=True)


class TestIsolation:
    @pytest.mark.parametrize("engine", ["vmap", "graph"])
    def test_others_are_bit_identical(self, engine):
        def unbounded(seed=0):
            return model(activation=nn.ReLU, seed=seed)

        calm = short({"lr": [0.1, 0.2, 0.3]}, unbounded, engine=engine, num_steps=30)
        wild = short({"lr": [0.1, 1e25, 0.3]}, unbounded, engine=engine, num_steps=30)
        assert wild.diverged_at.values.tolist()[0::2] == [-1, -1]
        step = int(wild.diverged_at[1])
        assert 0 < step < 30
        assert np.isfinite(wild.loss[1, :step]).all()
        assert not np.isfinite(wild.loss[1, step])
        assert (wild.loss[0::2].values == calm.loss[0::2].values).all()


class TestEarlyStopping:
    @pytest.mark.parametrize("engine", ["vmap", "sequential"])
    def test_members_keep_their_best_weights(self, engine):
        validation = moons(40, 0.4, seed=5)
        rule = EarlyStopping("validation loss", patience=2, every=5)
        settings = {"evaluate": {"validation": validation}, "num_steps": 200, "engine": engine}
        grid = {"lr": [0.0, 0.05, 3.0], "seed": [0, 1]}
        runs = short(grid, early_stopping=rule, **settings)
        curves = short(grid, at_steps=range(0, 201, 5), **settings)["validation loss"]
        for index in np.ndindex(3, 2):
            curve = curves.values[index]
            stop = first_stop(curve, patience=2)
            best = int(np.argmin(curve[: stop + 1]))
            assert runs.stopped_at.values[index] == 5 * stop
            assert runs.best_step.values[index] == 5 * best
            np.testing.assert_allclose(
                runs["validation loss"].values[index][0], curve[best], atol=1e-5
            )
            assert runs.loss.notnull().sum("step").values[index] == 5 * stop
        assert (runs.stopped_at.sel(lr=0.0) == 10).all()
        assert len(np.unique(runs.stopped_at)) > 2

    def test_stopped_members_are_not_stepped(self, monkeypatch):
        sizes = []

        def recorded(self, state, *others, advance=Programs.advance):
            sizes.append(len(state["params"]))
            return advance(self, state, *others)

        monkeypatch.setattr(Programs, "advance", recorded)
        rule = EarlyStopping("train loss", patience=1, every=1)
        settings = {"evaluate": {"train": DATA}, "num_steps": 20, "engine": "vmap"}
        runs = short({"lr": [0.0, 0.1]}, early_stopping=rule, **settings)
        assert runs.stopped_at.values.tolist() == [1, 20]
        assert sizes == [2] + 19 * [1]

    @pytest.mark.parametrize(
        ("settings", "message"),
        [
            ({"patience": 0}, "patience must be at least 1"),
            ({"every": 0}, "every must be at least 1"),
            ({"min_delta": -1}, "min_delta must be at least 0"),
        ],
    )
    def test_rules_are_checked(self, settings, message):
        with pytest.raises(ValueError, match=message):
            EarlyStopping("test loss", **settings)

    def test_graphs_have_a_fixed_number_of_members(self):
        rule = EarlyStopping("train loss")
        with pytest.raises(ValueError, match="engine='vmap' can"):
            short({"lr": [0.1]}, early_stopping=rule, evaluate={"train": DATA}, engine="graph")


def first_stop(curve, patience):
    """The look at which a member ends, or the last."""
    best, waited = np.inf, 0
    for look, value in enumerate(curve):
        waited = 0 if value < best else waited + 1
        best = min(best, value)
        if waited == patience:
            return look
    return len(curve) - 1


class Fickle(nn.Module):
    """Decides in Python by a number that it computes."""

    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(2, 2)

    def forward(self, X):
        y = self.linear(X)
        return y if float(y.detach().sum()) > 0 else 2 * y


class TestWhatCannotBeStacked:
    def test_it_says_why_and_trains_one_after_the_other(self):
        with pytest.warns(UserWarning, match=r"one after the other: .*\.item\(\)"):
            runs = short({"lr": [0.1, 0.2]}, Fickle)
        assert runs.attrs["engine"] == "sequential"
        torch.manual_seed(0)
        own = Fickle()
        assert abs(float(runs.loss[0, 0]) - F.cross_entropy(own(DATA[0]), DATA[1]).item()) < 1e-6

    def test_or_refuses_where_an_engine_was_asked_for(self):
        with pytest.raises(ValueError, match="engine='vmap' can't train these members"):
            short({"lr": [0.1, 0.2]}, Fickle, engine="vmap")

    def test_dropout_needs_its_own_run_to_be_the_same(self):
        def dropping(seed=0):
            return nn.Sequential(nn.Linear(2, 8), nn.Dropout(0.5), nn.Linear(8, 2))

        with pytest.warns(UserWarning, match="one after the other"):
            runs = short({"lr": [0.1, 0.2]}, dropping)
        assert runs.attrs["engine"] == "sequential"
        stacked = short({"lr": [0.1, 0.1001]}, dropping, engine="vmap")
        assert (stacked.loss[0] != stacked.loss[1]).all()  # each member draws its own


class TestInterrupt:
    @pytest.mark.parametrize("engine", ENGINES)
    def test_what_is_done_comes_back(self, engine):
        calls = 0

        def impatient(step):
            nonlocal calls
            calls += 1
            if calls == 8:
                raise KeyboardInterrupt
            return torch.ones(())

        settings = {"schedule": impatient, "engine": engine, "evaluate": {"train": DATA}}
        runs = short({"width": [2, 3], "seed": [0]}, **settings)
        assert runs.attrs["interrupted"] == 1
        assert runs.loss.notnull().sum("step").values.tolist() == [[5], [2]]
        assert runs["train loss"].notnull().values.ravel().tolist() == [True, False]

    def test_members_of_one_job(self):
        """The second of two members is interrupted before anything of it was measured."""
        steps = []

        def impatient(step):
            steps.append(step)
            if len(steps) == 8:
                raise KeyboardInterrupt
            return torch.ones(())

        settings = {"schedule": impatient, "engine": "sequential", "evaluate": {"train": DATA}}
        runs = short({"seed": [0, 1]}, **settings)
        assert runs.loss.notnull().sum("step").values.tolist() == [5, 2]
        assert runs["train loss"].notnull().values.ravel().tolist() == [True, False]

    @pytest.mark.skipif(why_not_compiled("cpu") is not None, reason=str(why_not_compiled("cpu")))
    def test_on_all_cores(self, monkeypatch):
        """Ctrl-C reaches the main thread only; the others are told."""

        def interrupted(futures):
            raise KeyboardInterrupt

        monkeypatch.setattr("dlbook.sweep.train.wait", interrupted)
        monkeypatch.setattr("torch.get_num_threads", lambda: 2)
        monkeypatch.setitem(COSTS, "compiled", replace(COSTS["compiled"], most_at_once=2))
        rates = [0.01 * (i + 1) for i in range(8)]
        runs = short({"lr": rates}, engine="compiled", num_steps=3000)
        assert runs.attrs["interrupted"] == 1
        assert int(runs.loss.notnull().sum()) < 8 * 3000
