import pytest
import torch

from dlbook.models.layer_stack import best_affine, random_layers, through_layers
from dlbook.random import normal


@pytest.mark.parametrize("seed", range(5))
def test_affine_layers_are_one_affine_layer_and_kinked_ones_are_not(seed):
    X = normal((200, 2), seed=seed)
    W, b = random_layers(10, seed=seed)
    for num_layers in (1, 2, 10):
        Z = through_layers(X, W[:num_layers], b[:num_layers], 1.0)
        assert (Z - best_affine(X, Z)).abs().max() < 1e-4
    for slope in (0.9, 0.5):
        Z = through_layers(X, W, b, slope)
        assert (Z - best_affine(X, Z)).abs().max() > 0.05  # seen 0.2


def test_layers_keep_areas_and_a_longer_stack_begins_with_the_shorter():
    W, b = random_layers(6, seed=1)
    assert torch.allclose(torch.linalg.det(W), torch.ones(6), atol=1e-5)
    shorter = random_layers(3, seed=1)
    assert torch.equal(W[:3], shorter[0])
    assert torch.equal(b[:3], shorter[1])


def test_a_stack_is_its_layers_one_after_the_other():
    X, (W, b) = normal((20, 2), seed=2), random_layers(3, seed=3)
    V = 2**0.5 * W  # the gain of ReLU
    by_hand = [V[2] @ (V[1] @ (V[0] @ x + b[0]).relu() + b[1]).relu() + b[2] for x in X]
    assert torch.allclose(through_layers(X, W, b, 0.0), torch.stack(by_hand), atol=1e-5)
