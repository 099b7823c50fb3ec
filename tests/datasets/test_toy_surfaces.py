"""Points with values: known values, spread, jitter, seeds."""

import pytest
import torch

from dlbook.datasets.toy_surfaces import CENTERS, HEIGHTS, RADIUS, SURFACES, bumps, plane


@pytest.mark.parametrize("surface", SURFACES.values(), ids=SURFACES)
def test_points_fill_the_square_and_values_lie_between_minus_one_and_one(surface):
    X, y = surface(2_000, seed=1)
    assert X.shape == (2_000, 2)
    assert y.shape == (2_000,)
    assert X.dtype == y.dtype == torch.float32
    assert 0.95 < X.abs().max() <= 1
    assert -1 <= y.min() < -0.8
    assert 0.8 < y.max() <= 1
    assert abs(float(y.mean())) < 0.05
    more, longer = surface(3_000, seed=1)
    assert torch.equal(more[:2_000], X)
    assert torch.equal(longer[:2_000], y)
    assert not torch.equal(surface(2_000, seed=2)[0], X)


@pytest.mark.parametrize("surface", SURFACES.values(), ids=SURFACES)
def test_the_jitter_leaves_the_values(surface):
    (X, y), (moved, same) = surface(500, seed=3), surface(500, 0.2, seed=3)
    assert torch.equal(y, same)
    assert float((moved - X).std()) == pytest.approx(0.2, rel=0.1)


def test_the_plane_is_half_the_sum():
    X, y = plane(50)
    torch.testing.assert_close(y, (X[:, 0] + X[:, 1]) / 2)


def test_a_bump_falls_from_its_middle_to_its_foot():
    X, y = bumps(20_000)
    far = (X[:, None] - torch.tensor(CENTERS)).norm(dim=2)
    nearest, which = far.min(dim=1)
    heights = torch.tensor(HEIGHTS)[which]
    alone = (far < RADIUS).sum(dim=1) <= 1
    expected = heights * (1 - nearest / RADIUS).clamp(min=0)
    torch.testing.assert_close(y[alone], expected[alone], atol=1e-5, rtol=0)
    torch.testing.assert_close(y.abs(), expected.abs(), atol=1e-5, rtol=0)


def test_settings_are_checked():
    with pytest.raises(ValueError, match="noise"):
        plane(10, -1.0)
