import pytest
import torch

from dlbook.models.gaussian_classifier import GaussianClassifier
from dlbook.models.threshold_rule import ThresholdRule
from dlbook.models.two_class_world import BELL_WORLD, JOCKEY_WORLD, TwoClassWorld

WORLDS = [BELL_WORLD, JOCKEY_WORLD]


@pytest.mark.parametrize("bells", WORLDS)
def test_risk_is_the_simulated_error(bells):
    world = TwoClassWorld(bells)
    x, y = world.sample(200_000, seed=0)
    for threshold in (150.0, 189.0, 200.0):
        rule = ThresholdRule(threshold)
        simulated = (rule.predict(x) != y).double().mean().item()
        assert world.risk(rule.predict) == pytest.approx(simulated, abs=0.005)


@pytest.mark.parametrize(("bells", "error"), [(BELL_WORLD, 0.2415), (JOCKEY_WORLD, 0.1210)])
def test_bayes_error(bells, error):
    world = TwoClassWorld(bells)
    assert world.bayes_error() == pytest.approx(error, abs=5e-4)
    best = world.risk(lambda x: world.densities(x).argmax(dim=1))
    assert best == pytest.approx(world.bayes_error(), abs=1e-6)


def risks(bells, num_points, seeds):
    world = TwoClassWorld(bells)
    pairs = []
    for seed in seeds:
        x, y = world.sample(num_points, seed=seed)
        rules = (GaussianClassifier.fit(x, y), ThresholdRule.fit(x, y))
        pairs.append([world.risk(rule.predict) for rule in rules])
    return torch.tensor(pairs)


def test_a_right_model_needs_fewer_players():
    found = risks(BELL_WORLD, 100, range(40))
    excess = found.median(dim=0).values - TwoClassWorld(BELL_WORLD).bayes_error()
    assert excess[0] < 0.5 * excess[1]
    assert (found[:, 0] < found[:, 1]).double().mean() > 0.6


def test_a_wrong_model_stays_wrong_however_many_players():
    found = risks(JOCKEY_WORLD, 2_000, range(10))
    assert (found[:, 0] > found[:, 1] + 0.01).all()
    assert found[:, 1].median() < TwoClassWorld(JOCKEY_WORLD).bayes_error() + 0.005
