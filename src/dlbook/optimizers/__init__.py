"""First-order optimizers as pure functions, equal to those of `torch.optim`.

`rules` holds one function each, `start` what a run begins with, `clipping` what happens to
gradients before, `trees` the nested dicts that all of them work on.
"""

from dlbook.optimizers.clipping import clip_gradients
from dlbook.optimizers.rules import (
    OPTIMIZERS,
    Update,
    adadelta,
    adagrad,
    adam,
    adamw,
    momentum,
    nesterov,
    rmsprop,
    sgd,
)
from dlbook.optimizers.start import DEFAULTS, MEMORY, Hyper, default_hyper, initial_state
from dlbook.optimizers.trees import Tree, leaves, map_trees

__all__ = [
    "DEFAULTS",
    "MEMORY",
    "OPTIMIZERS",
    "Hyper",
    "Tree",
    "Update",
    "adadelta",
    "adagrad",
    "adam",
    "adamw",
    "clip_gradients",
    "default_hyper",
    "initial_state",
    "leaves",
    "map_trees",
    "momentum",
    "nesterov",
    "rmsprop",
    "sgd",
]
