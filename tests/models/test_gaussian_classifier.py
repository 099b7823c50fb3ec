import numpy as np
import pytest
import torch
from sklearn.naive_bayes import GaussianNB

from dlbook.datasets.heights import basketball_heights
from dlbook.models.gaussian_classifier import GaussianClassifier, KernelClassifier


@pytest.fixture
def heights():
    heights_f, heights_m = basketball_heights()
    y = torch.cat([torch.zeros(len(heights_f)), torch.ones(len(heights_m))]).long()
    return torch.cat([heights_f, heights_m]).float(), y


def toy(num_points=400, seed=0):
    generator = torch.Generator().manual_seed(seed)
    y = (torch.rand(num_points, generator=generator) < 0.3).long()
    return torch.randn(num_points, generator=generator) * (1 + y) + 2 * y, y


def test_heights_means_and_deviations(heights):
    model = GaussianClassifier.fit(*heights)
    torch.testing.assert_close(model.means, torch.tensor([183.75, 194.3333]), atol=1e-3, rtol=0)
    torch.testing.assert_close(model.sds, torch.tensor([7.818, 7.291]), atol=1e-3, rtol=0)


def test_heights_cross_at_equal_priors(heights):
    crossings = GaussianClassifier.fit(*heights, prior=0.5).crossings()
    assert crossings[0].item() == pytest.approx(188.85, abs=0.01)
    assert 335 < crossings[1].item() < 345  # the irrelevant second one: the women's curve is wider


def test_heights_posterior(heights):
    posterior = GaussianClassifier.fit(*heights, prior=0.5).posterior(
        torch.tensor([180.0, 190.0, 200.0])
    )
    assert posterior[:, 1].tolist() == pytest.approx([0.15, 0.55, 0.87], abs=0.005)


def test_the_crossing_moves_with_the_prior(heights):
    lower = [GaussianClassifier.fit(*heights, prior=p).crossings()[0] for p in (0.1, 0.5, 0.9)]
    assert [round(v.item()) for v in lower] == [202, 189, 178]


def test_posterior_is_a_half_at_every_crossing():
    x, y = toy()
    model = GaussianClassifier.fit(x.double(), y)
    at_crossings = model.posterior(model.crossings())
    torch.testing.assert_close(at_crossings, torch.full_like(at_crossings, 0.5))


def test_one_deviation_for_both_makes_the_posterior_a_sigmoid_of_a_line(heights):
    model = GaussianClassifier.fit(*heights, prior=0.3, shared_sd=True)
    assert len(model.crossings()) == 1
    x = torch.linspace(165, 210, 46)
    slope = (model.means[1] - model.means[0]) / model.sds[0] ** 2
    line = slope * (x - model.crossings()[0].float())
    torch.testing.assert_close(model.posterior(x)[:, 1], torch.sigmoid(line), atol=1e-5, rtol=0)


def test_equals_scikit_learn():
    x, y = toy()
    reference = GaussianNB(var_smoothing=0.0).fit(x[:, None].numpy(), y.numpy())
    model = GaussianClassifier.fit(x.double(), y)
    biased = torch.stack([x[y == c].double().std(correction=0) for c in (0, 1)])
    model = GaussianClassifier(model.means, biased, model.priors)  # it divides by n, not n - 1
    grid = torch.linspace(-5, 8, 60, dtype=torch.float64)
    expected = reference.predict_proba(grid[:, None].numpy())
    np.testing.assert_allclose(model.posterior(grid).numpy(), expected, atol=1e-6)


def test_error_above_is_the_simulated_error():
    model = GaussianClassifier(
        torch.tensor([0.0, 2.0]), torch.tensor([1.0, 2.0]), torch.tensor([0.7, 0.3])
    )
    x, y = toy(400_000)
    for threshold in (-1.0, 1.0, 3.0):
        simulated = ((x >= threshold).long() != y).double().mean().item()
        spread = (simulated * (1 - simulated) / len(x)) ** 0.5
        assert abs(model.error_above(threshold) - simulated) < 4 * spread


def test_no_threshold_beats_the_crossing(heights):
    model = GaussianClassifier.fit(*heights, prior=0.5)
    best = model.error_above(model.crossings()[0].item())
    errors = [model.error_above(t) for t in np.linspace(165, 210, 451)]
    assert best == pytest.approx(0.2415, abs=1e-3)
    assert best <= min(errors) < best + 1e-4


def test_densities_integrate_to_one(heights):
    x = torch.linspace(100, 280, 4_001)
    for model in (
        GaussianClassifier.fit(*heights),
        KernelClassifier.fit(*heights, bandwidth=3.0),
    ):
        areas = torch.trapezoid(model.densities(x), x, dim=0)
        torch.testing.assert_close(areas, torch.ones(2), atol=1e-3, rtol=0)


def test_posterior_is_bayes_rule(heights):
    x = torch.linspace(170, 205, 36)
    for model in (
        GaussianClassifier.fit(*heights, prior=0.2),
        KernelClassifier.fit(*heights, bandwidth=3.0, prior=0.2),
    ):
        joint = model.densities(x) * model.priors
        torch.testing.assert_close(
            model.posterior(x), joint / joint.sum(dim=1, keepdim=True), atol=1e-5, rtol=1e-4
        )
        assert torch.equal(model.predict(x), joint.argmax(dim=1))


def test_kernel_density_equals_scikit_learn(heights):
    from sklearn.neighbors import KernelDensity

    x, y = heights
    grid = torch.linspace(160, 215, 50)
    model = KernelClassifier.fit(x, y, bandwidth=3.0)
    reference = KernelDensity(bandwidth=3.0).fit(x[y == 1, None].numpy())
    expected = np.exp(reference.score_samples(grid[:, None].numpy()))
    np.testing.assert_allclose(model.densities(grid)[:, 1].numpy(), expected, rtol=1e-4)


@pytest.mark.parametrize("prior", [0.0, 1.0, -0.1])
def test_prior_out_of_range_is_named(heights, prior):
    with pytest.raises(ValueError, match="prior must be between 0 and 1"):
        GaussianClassifier.fit(*heights, prior=prior)


def test_too_few_samples_of_a_class():
    with pytest.raises(ValueError, match="they have 2 and 1"):
        GaussianClassifier.fit(torch.tensor([1.0, 2.0, 3.0]), torch.tensor([0, 0, 1]))
