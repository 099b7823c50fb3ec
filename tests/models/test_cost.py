"""Counts of multiplications by the formulas and by torch's own counter."""

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from dlbook.models import image_classifiers as ic
from dlbook.models.cost import (
    backward_macs,
    backward_ratio,
    checkpointed_step,
    forward_macs,
    layer_costs,
    num_kept,
)

COLOR, GRAY = (3, 32, 32), (1, 28, 28)
PUBLISHED = [  # model, input, parameters, forward MACs, backward / forward
    (ic.dense_classifier, COLOR, 3_426_250, 3_424_896, 1.0815),
    (ic.small_convolutional, COLOR, 62_006, 651_720, 1.4587),
    (ic.large_convolutional, COLOR, 5_852_170, 137_729_024, 1.9936),
    (ic.digit_convolutional, GRAY, 105_506, 1_333_200, 1.6544),
]


@pytest.mark.parametrize(("make", "shape", "parameters", "macs", "ratio"), PUBLISHED)
def test_counts_of_the_decks_models(make, shape, parameters, macs, ratio):
    model = make()
    costs = layer_costs(model, shape)
    assert sum(p.numel() for p in model.parameters()) == parameters
    assert forward_macs(costs) == macs
    assert round(backward_ratio(costs), 4) == ratio
    assert backward_ratio(costs) == pytest.approx(2 - costs[0].forward / macs, abs=1e-12)
    assert costs[0].message == 0
    assert all(cost.message == cost.weight_gradient == cost.forward for cost in costs[1:])


class TwoBranches(nn.Module):
    """Two layers that both read the input: neither has anybody to send a message to."""

    def __init__(self):
        super().__init__()
        self.left, self.right, self.out = nn.Linear(8, 8), nn.Linear(8, 8), nn.Linear(8, 3)

    def forward(self, X):
        return self.out(self.left(X) * self.right(X))


def frozen_start():
    """A first layer that is not trained."""
    model = nn.Sequential(nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 8), nn.ReLU(), nn.Linear(8, 3))
    model[0].requires_grad_(False)
    return model


BRANCHES = [(TwoBranches, (8,)), (frozen_start, (8,))]


@pytest.mark.parametrize(("make", "shape"), [*[case[:2] for case in PUBLISHED], *BRANCHES])
def test_torch_counts_the_same(make, shape):
    model, X = make(), torch.randn(2, *shape)
    costs = layer_costs(model, shape)
    with FlopCounterMode(display=False) as forward:
        loss = model(X).sum()
    with FlopCounterMode(display=False) as backward:
        loss.backward()
    assert forward.get_total_flops() == 2 * 2 * forward_macs(costs)  # a MAC is two operations
    assert backward.get_total_flops() == 2 * 2 * backward_macs(costs)


def test_an_input_that_needs_a_gradient_costs_the_missing_bar():
    model, X = ic.dense_classifier(), torch.randn(2, *COLOR, requires_grad=True)
    with FlopCounterMode(display=False) as forward:
        loss = model(X).sum()
    with FlopCounterMode(display=False) as backward:
        loss.backward()
    assert backward.get_total_flops() == 2 * forward.get_total_flops()


def test_many_equal_layers_come_close_to_two():
    layers = [nn.Linear(64, 64) for _ in range(20)]
    assert backward_ratio(layer_costs(nn.Sequential(*layers), (64,))) == pytest.approx(1.95)
    assert backward_ratio(layer_costs(layers[0], (64,))) == 1


def test_counting_leaves_the_model_as_it_was():
    model = ic.large_convolutional().train()
    before = model[1].running_mean.clone()
    layer_costs(model, COLOR)
    assert model.training
    assert torch.equal(model[1].running_mean, before)
    assert not any(module._forward_hooks for module in model.modules())


def test_a_model_without_weights_is_refused():
    with pytest.raises(ValueError, match="no linear or convolutional layer"):
        layer_costs(nn.ReLU(), (3,))


@pytest.mark.parametrize("make", [case[0] for case in PUBLISHED])
def test_classifiers_give_ten_logits_and_gradients_everywhere(make):
    shape = GRAY if make is ic.digit_convolutional else COLOR
    model = make()
    out = model(torch.randn(3, *shape))
    assert out.shape == (3, 10)
    out.square().sum().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in model.parameters())


def test_dense_networks_keep_the_inputs_of_their_layers():
    model, X = ic.dense_classifier(), torch.randn(5, *COLOR)
    inputs = sum(cost.num_inputs for cost in layer_costs(model, COLOR))
    assert num_kept(model, X) == 5 * inputs


def test_convolutional_networks_keep_what_relu_and_pooling_need_too():
    """The outputs of two ReLUs, and the indices of two poolings, each as wide as two numbers."""
    model, X = ic.small_convolutional(), torch.randn(5, *COLOR)
    inputs = sum(cost.num_inputs for cost in layer_costs(model, COLOR))
    more = 6 * 28 * 28 + 16 * 10 * 10 + 2 * (6 * 14 * 14 + 16 * 5 * 5)
    assert num_kept(model, X) == 5 * (inputs + more)


def test_storing_all_recomputes_nothing():
    step = checkpointed_step(16, 1)
    assert step.peak == 16
    assert step.kind == ["forward"] * 16 + ["backward"] * 16
    assert step.stored == [*range(1, 17), *range(16, 0, -1)]


@pytest.mark.parametrize("num_layers", [16, 36, 64, 100])
def test_checkpoints_need_about_twice_the_root(num_layers):
    root = round(num_layers**0.5)
    peaks = {every: checkpointed_step(num_layers, every).peak for every in range(1, num_layers + 1)}
    assert min(peaks.values()) == peaks[root] == 2 * root - 1
    step = checkpointed_step(num_layers, root)
    assert step.kind.count("backward") == num_layers
    assert step.kind.count("again") == num_layers - root  # less than one more forward pass


@pytest.mark.parametrize("every", [0, 11])
def test_checkpoints_lie_inside(every):
    with pytest.raises(ValueError, match="every must be from 1 to 10"):
        checkpointed_step(10, every)
