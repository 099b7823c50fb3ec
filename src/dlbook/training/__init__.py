"""Training a module: the one visible loop, `fit`, and its parts.

`batches` orders the samples, `loss` compares predictions with targets and finds gradients, `fit`
makes the steps, `history` is what is left of them.
"""

from dlbook.training.batches import ORDERS, batches, steps_per_epoch
from dlbook.training.fit import Data, fit, predict
from dlbook.training.history import History
from dlbook.training.loss import Compare, gradients, mean_loss, number_type, own_randomness

__all__ = [
    "ORDERS",
    "Compare",
    "Data",
    "History",
    "batches",
    "fit",
    "gradients",
    "mean_loss",
    "number_type",
    "own_randomness",
    "predict",
    "steps_per_epoch",
]
