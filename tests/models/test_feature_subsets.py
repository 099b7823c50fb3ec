"""Nearest-centroid rules on feature subsets, against scikit-learn one by one."""

import pytest
import torch
from sklearn.datasets import load_digits
from sklearn.neighbors import NearestCentroid

from dlbook.models.feature_subsets import predict_on_subsets, random_subsets


def test_each_rule_equals_scikit_learn_on_its_features():
    X, y = map(torch.tensor, load_digits(return_X_y=True))
    X = X.float()
    masks = random_subsets(10, 64, 12, seed=0)
    predicted = predict_on_subsets(X[:600], y[:600], X[600:], masks, num_classes=10)
    for mask, labels in zip(masks.bool(), predicted, strict=True):
        reference = NearestCentroid().fit(X[:600][:, mask].numpy(), y[:600].numpy())
        expected = torch.tensor(reference.predict(X[600:][:, mask].numpy()))
        assert (labels == expected).float().mean() > 0.999  # rounding may decide a tie


def test_subsets_have_their_size_and_differ():
    masks = random_subsets(50, 20, 5, seed=1)
    assert (masks.sum(1) == 5).all()
    assert len({tuple(mask) for mask in masks.tolist()}) > 45
    assert masks[:10].equal(random_subsets(10, 20, 5, seed=1))


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match="from 1 to 4"):
        random_subsets(2, 4, 5, seed=0)
    with pytest.raises(ValueError, match="class 1"):
        predict_on_subsets(
            torch.zeros(3, 2), torch.tensor([0, 0, 2]), torch.zeros(1, 2), torch.ones(1, 2),
            num_classes=3,
        )  # fmt: skip
