"""Measurements of cell nuclei from 569 breast tumours, malignant or benign."""

import torch
from sklearn.datasets import load_breast_cancer
from torch import Tensor


def breast_cancer() -> tuple[Tensor, Tensor]:
    """The Wisconsin diagnostic data set, with the class at risk as the positive one.

    Returns:
        X float32 (569, 30), each feature in its own unit (names: `feature_names()`), and y int64
        (569,): 1 for the 212 malignant tumours, 0 for the 357 benign ones. (scikit-learn, which
        ships the data, numbers them the other way round.)

    Reference: Wolberg, Mangasarian, Street, Street, "Breast Cancer Wisconsin (Diagnostic)", 1993.
    """
    X, benign = load_breast_cancer(return_X_y=True)
    return torch.from_numpy(X).to(torch.float32), 1 - torch.from_numpy(benign).to(torch.int64)


def feature_names() -> tuple[str, ...]:
    """The names of the 30 columns: mean, standard error and worst of ten measurements."""
    return tuple(load_breast_cancer().feature_names.tolist())
