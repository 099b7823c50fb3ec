"""The dense digit network and a convolutional one on colour images in which things move about."""

import torch
from torch import nn

from dlbook.datasets.colored_shapes import colored_shapes
from dlbook.figures.digit_training import error_share
from dlbook.losses import cross_entropy
from dlbook.models.image_classifiers import small_convolutional
from dlbook.models.mlp import mlp
from dlbook.training import fit, predict

NUM_TRAIN, NUM_TEST = 2_000, 500


def errors_on_shapes(*, seed: int = 0, num_epochs: int = 12) -> dict[str, float]:
    """Test errors on 32×32 coloured shapes of 3072-64-32-10 and of 62,006 parameters with
    convolutions, both after Adam with learning rate 0.002 and batches of 50.

    Args:
        seed: of the first weights and the batches; the images stay.
        num_epochs: of training.
    """
    X, y = colored_shapes(NUM_TRAIN + NUM_TEST)
    X = (X - X[:NUM_TRAIN].mean()) / X[:NUM_TRAIN].std()
    settings = {"optimizer": "adam", "lr": 0.002, "batch_size": 50, "num_epochs": num_epochs}
    errors = {}
    for name, model in _networks(seed).items():
        data = (X[:NUM_TRAIN], y[:NUM_TRAIN])
        fit(model, data, loss_fn=cross_entropy, seed=seed, **settings)
        errors[name] = float(error_share(predict(model, X[NUM_TRAIN:]), y[NUM_TRAIN:]))
    return errors


def _networks(seed: int) -> dict[str, nn.Module]:
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        convolutional = small_convolutional()
    dense = nn.Sequential(nn.Flatten(), *mlp([3072, 64, 32, 10], seed=seed))
    return {"dense": dense, "convolutional": convolutional}
