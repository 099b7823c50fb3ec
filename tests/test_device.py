import pytest
import torch
from torch import nn

from dlbook.device import select_device
from dlbook.random import normal

needs_cuda = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")


@pytest.fixture
def no_cuda(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)


def test_default_is_the_processor_where_there_is_no_cuda(monkeypatch, no_cuda):
    monkeypatch.delenv("DLBOOK_DEVICE", raising=False)
    assert select_device() == torch.device("cpu")


def test_default_is_cuda_where_there_is_one(monkeypatch):
    monkeypatch.delenv("DLBOOK_DEVICE", raising=False)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert select_device() == torch.device("cuda")


def test_the_variable_decides_over_the_default(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setenv("DLBOOK_DEVICE", "cpu")
    assert select_device() == torch.device("cpu")


def test_the_argument_decides_over_the_variable(monkeypatch, no_cuda):
    monkeypatch.setenv("DLBOOK_DEVICE", "cuda")
    assert select_device("cpu") == torch.device("cpu")


def test_an_empty_variable_counts_as_unset(monkeypatch, no_cuda):
    monkeypatch.setenv("DLBOOK_DEVICE", "")
    assert select_device() == torch.device("cpu")


def test_cuda_without_one_is_an_error(monkeypatch, no_cuda):
    monkeypatch.setenv("DLBOOK_DEVICE", "cuda")
    with pytest.raises(RuntimeError, match="DLBOOK_DEVICE=cpu"):
        select_device()


def test_an_unknown_device_is_an_error(monkeypatch):
    monkeypatch.setenv("DLBOOK_DEVICE", "gpu")
    with pytest.raises(ValueError, match="cpu, cuda, not 'gpu'"):
        select_device()


def final_loss(device: torch.device) -> float:
    """The loss of a small network after 20 steps from fixed parameters and data."""
    X, y = normal((64, 3), seed=0), normal((64, 1), seed=0, stream=1)
    model = nn.Sequential(nn.Linear(3, 16), nn.Tanh(), nn.Linear(16, 1))
    for stream, parameter in enumerate(model.parameters(), start=2):
        parameter.data = 0.3 * normal(tuple(parameter.shape), seed=0, stream=stream)
    model, X, y = model.to(device), X.to(device), y.to(device)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(20):
        loss = ((model(X) - y) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return loss.item()


def test_training_runs_on_the_selected_device(monkeypatch):
    monkeypatch.delenv("DLBOOK_DEVICE", raising=False)
    assert 0 < final_loss(select_device()) < 2


@needs_cuda
def test_same_seed_same_loss_on_both_devices():
    assert final_loss(torch.device("cuda")) == pytest.approx(
        final_loss(torch.device("cpu")), abs=1e-4
    )


@needs_cuda
def test_a_transfer_is_a_copy():
    x = torch.zeros(3)
    x.to("cuda")[0] = 1
    assert x[0] == 0
