import torch

from dlbook.losses import cross_entropy
from dlbook.models.digit_network import (
    SIZES,
    accuracy_on_new,
    four_digits,
    train_digit_network,
)
from dlbook.models.mlp import num_parameters


def test_four_digits_are_points_of_the_unit_cube():
    X, y = four_digits()
    assert X.shape == (720, 64)
    assert X.min() == 0
    assert X.max() == 1
    assert y.unique().tolist() == [0, 1, 2, 3]


def test_running_example_has_eight_units_before_four_outputs():
    assert SIZES == (64, 16, 8, 4)
    assert num_parameters(SIZES) == 1212


def test_state_improves_with_the_iterations():
    X, y = four_digits()
    for seed in range(3):
        models = train_digit_network((0, 20, 60, 100), seed=seed)
        losses = torch.tensor([float(cross_entropy(m(X), y).mean()) for m in models])
        assert (losses.diff() < 0).all()
        assert accuracy_on_new(models[0]) < 0.45  # seen 0.05 to 0.26
        assert accuracy_on_new(models[-1]) > 0.85  # seen 0.91 to 0.93
        assert not models[-1].training
