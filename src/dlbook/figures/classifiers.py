"""Explorer figure: the same points in the hands of six classifiers."""

from functools import lru_cache

import numpy as np
import torch
import torch.nn.functional as F
from sklearn.base import ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures
from sklearn.svm import SVC
from torch import Tensor, nn

from dlbook.datasets.toy_classification import SETS
from dlbook.models.mlp import mlp
from dlbook.plots import Figure, with_status
from dlbook.plots.decision_map import decision_map, map_grid
from dlbook.training import fit

LIMIT = 1.8
CENTERS, MAP_POINTS = map_grid(LIMIT)
CLASSIFIERS = (
    "logistic regression",
    "logistic, cubic features",
    "SVM, RBF kernel",
    "15 nearest neighbours",
    "MLP, 4 hidden units",
    "MLP, 2 × 16 hidden units",
)
NUM_TRAIN, NUM_TEST = 200, 1_000


def classifier_map(classifier: str, points: str, noise: float) -> Figure:
    """P(class 1) over the plane, as one of `CLASSIFIERS` sees it after 200 training points."""
    answer = trained_classifier(classifier, points, noise)
    X, y = SETS[points](NUM_TRAIN, noise, seed=0)
    figure = decision_map(CENTERS, answer(MAP_POINTS), X, y, slots=NUM_TRAIN)
    right = accuracy(classifier, points, noise)
    return with_status(
        figure, f"{classifier} on {points}: {right:.1%} of {NUM_TEST:,} new points right."
    )


def accuracy(classifier: str, points: str, noise: float, *, seed: int = 0) -> float:
    """The share of 1,000 new points that a classifier trained on 200 gets right."""
    answer = trained_classifier(classifier, points, noise, seed)
    X, y = SETS[points](NUM_TEST, noise, seed=1_000 + seed)
    return float(((answer(X) > 0.5) == y.bool()).float().mean())


@lru_cache(maxsize=256)
def trained_classifier(classifier: str, points: str, noise: float, seed: int = 0):
    """A function from points (n, 2) to probabilities of class 1 (n,)."""
    X, y = SETS[points](NUM_TRAIN, noise, seed=seed)
    if classifier.startswith("MLP"):
        return _trained_network(classifier, X, y, seed)
    model = _sklearn(classifier).fit(X.numpy(), y.numpy())

    def answer(X: Tensor) -> Tensor:
        if isinstance(model, SVC):  # a score, 1 at the margin: shown as 0.95 there, 0.5 at 0
            return torch.sigmoid(3 * _float32(model.decision_function(X.numpy())))
        return _float32(model.predict_proba(X.numpy())[:, 1])

    return answer


def _sklearn(classifier: str) -> ClassifierMixin:
    return {
        "logistic regression": LogisticRegression(C=100),
        "logistic, cubic features": make_pipeline(
            PolynomialFeatures(3), LogisticRegression(C=100, max_iter=2_000)
        ),
        "SVM, RBF kernel": SVC(C=10, gamma=4),
        "15 nearest neighbours": KNeighborsClassifier(15),
    }[classifier]


def _trained_network(classifier: str, X: Tensor, y: Tensor, seed: int):
    sizes = [2, 4, 1] if "4 hidden" in classifier else [2, 16, 16, 1]
    model = mlp(sizes, nn.Tanh, seed=seed)
    data = X, y.float().unsqueeze(1)
    loss_fn = F.binary_cross_entropy_with_logits
    fit(model, data, loss_fn=loss_fn, optimizer="adam", lr=0.03, num_steps=400)

    def answer(X: Tensor) -> Tensor:
        with torch.no_grad():
            return torch.sigmoid(model(X)).squeeze(1)

    return answer


def _float32(numbers: np.ndarray) -> Tensor:
    return torch.from_numpy(numbers.astype(np.float32))
