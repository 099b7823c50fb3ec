"""What layers hold: the projection, the measures of separation, and what training does to them."""

from itertools import pairwise

import pytest
import torch
from sklearn.decomposition import PCA

from dlbook.figures.digit_layers import separation
from dlbook.models.image_classifiers import digit_dense
from dlbook.models.representation import (
    fisher_ratio,
    layer_states,
    neighbor_error,
    principal_directions,
    probe_error,
    turned_onto,
    variance_share,
)


def cloud(n: int = 60, width: int = 7, seed: int = 0):
    """Points of three classes whose means differ."""
    generator = torch.Generator().manual_seed(seed)
    y = torch.arange(n) % 3
    return torch.randn(n, width, generator=generator) + 6 * torch.eye(width)[y], y


@pytest.mark.parametrize("seed", range(3))
def test_projection_is_principal_component_analysis(seed):
    H, _ = cloud(seed=seed)
    mean, V = principal_directions(H, 3)
    pca = PCA(3, svd_solver="full").fit(H.numpy())
    torch.testing.assert_close(mean, torch.from_numpy(pca.mean_).float())
    cosines = (V.T @ torch.from_numpy(pca.components_).float().T).diagonal().abs()
    torch.testing.assert_close(cosines, torch.ones(3), atol=1e-4, rtol=0)
    share = float(pca.explained_variance_ratio_[:2].sum())
    assert variance_share(H) == pytest.approx(share, abs=1e-5)


def test_states_are_those_of_the_network():
    model, X = digit_dense(seed=1), torch.randn(4, 1, 28, 28)
    pixels, h1, h2, logits = layer_states(model, X)
    assert [h.shape[1] for h in (pixels, h1, h2, logits)] == [784, 64, 32, 10]
    torch.testing.assert_close(h1, torch.relu(model[1](X.flatten(1))))
    torch.testing.assert_close(logits, model(X))


def test_turning_undoes_a_rotation_and_a_mirror():
    points = torch.randn(20, 2, generator=torch.Generator().manual_seed(0))
    angle = torch.tensor(1.0)
    R = torch.stack([torch.stack([angle.cos(), angle.sin()]),
                     torch.stack([angle.sin(), -angle.cos()])])  # fmt: skip
    torch.testing.assert_close(turned_onto(points @ R, points), points)


def test_fisher_ratio_by_hand():
    H = torch.tensor([[0.0], [2.0], [10.0], [12.0]])
    assert fisher_ratio(H, torch.tensor([0, 0, 1, 1])) == pytest.approx(25)


def test_separated_classes_are_read_without_error():
    (H, y), (T, y_test) = cloud(), cloud(seed=1)
    assert neighbor_error((H, y), (T, y_test)) < 0.05
    assert probe_error((H, y), (T, y_test)) < 0.05


@pytest.fixture(scope="module")
def trained():
    """The measures of three trained networks."""
    return [separation(40, seed=seed) for seed in range(3)]


def test_probe_error_does_not_rise_up_to_the_last_hidden_layer(trained):
    """Seen: 3.3 % for the pixels, 1.8 to 2.9 % in layers 1 and 2."""
    for measures in trained:
        probe = measures["probe"]
        assert probe[1] <= probe[0] + 0.01
        assert probe[2] <= probe[1] + 0.01


def test_training_pulls_the_classes_apart_from_layer_to_layer(trained):
    """Seen: ratios of 0.83, 2.0 to 2.2, 3.2 to 3.4, 4.3 to 4.5."""
    for measures in trained:
        ratios = measures["Fisher"]
        assert all(later > earlier + 0.4 for earlier, later in pairwise(ratios))


def test_neighbours_know_no_more_in_a_layer_than_in_the_pixels(trained):
    for measures in trained:
        assert measures["neighbours"][0] < 0.03
        assert min(measures["neighbours"][1:]) > measures["neighbours"][0] - 0.01


def test_random_layers_lose_what_the_pixels_knew():
    for seed in range(2):
        measures = separation(0, seed=seed)
        assert measures["probe"][3] > measures["probe"][0] + 0.15
        assert measures["Fisher"][3] < 1
