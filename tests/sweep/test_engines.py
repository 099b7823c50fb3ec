"""Which engine steps the members, in what pieces; and what the compiled one puts for tanh."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn
from torch.fx.experimental.proxy_tensor import make_fx

from dlbook.datasets.toy_classification import moons
from dlbook.models.mlp import mlp
from dlbook.sweep.compiled import why_not_compiled
from dlbook.sweep.engines import COSTS, at_once, choose, fastest
from dlbook.sweep.grid import axes_of, members_of
from dlbook.sweep.job import Job, Plan
from dlbook.sweep.known_programs import is_known, remember
from dlbook.sweep.quick_tanh import QuickTanh
from dlbook.sweep.setting import setting_of

DATA = moons(40, 0.1, seed=0)


def network(seed=0):
    return mlp([2, 8, 2], nn.Tanh, seed=seed)


def job(members: int, num_steps: int, optimizer="sgd", **more) -> Job:
    settings = {"loss_fn": F.cross_entropy, "optimizer": optimizer}
    rates = [0.1 * (i + 1) / members for i in range(members)]
    axes = axes_of({"lr": rates}, make_model=network, sources=[DATA], **settings)
    return Job(Plan(network, DATA, num_steps=num_steps, **settings, **more), members_of(axes))


@pytest.mark.parametrize(
    ("members", "kept", "cores", "compiled", "graph"),
    [
        (150, 1, 1, 50, 150),
        (150, 1, 2, 38, 150),
        (64, 1, 2, 32, 64),
        (1, 1, 2, 1, 1),
        (64, 1 << 18, 1, 16, 16),
    ],
)
def test_every_core_has_pieces_of_its_own(monkeypatch, members, kept, cores, compiled, graph):
    monkeypatch.setattr("torch.get_num_threads", lambda: cores)
    assert at_once("compiled", members, kept) == compiled
    assert at_once("graph", members, kept) == graph


def test_a_traced_graph_steps_more_members_at_once_where_it_convolves():
    assert at_once("graph", 64, 1 << 18, convolves=True) == 64
    assert at_once("compiled", 64, 1 << 18, convolves=True) == at_once("compiled", 64, 1 << 18)


def test_a_few_steps_are_not_worth_a_trace_and_many_are():
    assert choose(job(4, 10)).name == "vmap"
    assert choose(job(64, 2_000)).name != "vmap"


def test_convolutions_are_not_compiled_of_itself(monkeypatch):
    monkeypatch.setattr("dlbook.sweep.engines.why_not_compiled", lambda device: None)
    monkeypatch.setattr("dlbook.sweep.engines.is_known", lambda setting, size: True)
    grid = job(64, 5_000)
    setting = setting_of(grid.part([0, 1]))
    assert fastest(grid, setting, 5_000, convolves=False) == "compiled"
    assert fastest(grid, setting, 5_000, convolves=True) == "graph"


@pytest.mark.skipif(why_not_compiled("cpu") is not None, reason=str(why_not_compiled("cpu")))
def test_what_was_compiled_before_is_taken_again(monkeypatch, tmp_path):
    monkeypatch.setenv("TORCHINDUCTOR_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr("torch.get_num_threads", lambda: 1)
    grid = job(64, 5_000)
    assert choose(grid).name == "graph"
    assert COSTS["compiled"].start > COSTS["graph"].start
    setting = setting_of(grid)
    remember(setting)
    assert choose(grid).name == "compiled"
    assert is_known(setting_of(grid.part([3, 4])), 64)
    for other in (job(63, 5_000), job(64, 5_000, optimizer="adam"), job(64, 5_000, batch_size=8)):
        assert not is_known(setting_of(other), len(other.members))
        assert choose(other).name == "graph"


def test_the_quotient_is_tanh():
    x = torch.cat([torch.linspace(-12, 12, 100_001), torch.tensor([1e-20, torch.nan, -torch.inf])])
    for dtype, off in ((torch.float32, 4e-7), (torch.float64, 0.0)):
        given = x.to(dtype)
        graph = QuickTanh(make_fx(torch.tanh, tracing_mode="fake")(given)).run()
        found, truth = graph(given).double(), torch.tanh(x.double())
        torch.testing.assert_close(found, truth, rtol=4e-7, atol=off, equal_nan=True)
