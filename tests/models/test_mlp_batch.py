import torch
from torch.func import stack_module_state

from dlbook.models.mlp import mlp
from dlbook.models.mlp_batch import outputs_of
from dlbook.random import normal


def test_each_network_answers_as_if_alone():
    models, X = [mlp([4, 6, 3], seed=seed) for seed in range(3)], normal((30, 4), seed=0)
    together = outputs_of(models[0], stack_module_state(models)[0], X)
    for model, theirs in zip(models, together, strict=True):
        torch.testing.assert_close(model(X), theirs)
