"""Clipping equals torch's and changes nothing in place."""

import pytest
import torch
from twins import gradients, start

from dlbook.optimizers import clip_gradients


@pytest.mark.parametrize("max_norm", [0.01, 0.5, 100.0])
def test_clipping_equals_torch(max_norm):
    grads = gradients(start(torch.float64))
    clipped = clip_gradients(grads, max_norm)
    leaves = [grads["layer"]["weight"], grads["layer"]["bias"], grads["scale"]]
    parameters = [torch.zeros_like(leaf, requires_grad=True) for leaf in leaves]
    for parameter, leaf in zip(parameters, leaves, strict=True):
        parameter.grad = leaf.clone()
    norm = torch.nn.utils.clip_grad_norm_(parameters, max_norm)
    assert 0.5 < norm < 100, "both sides of the threshold are tried"
    torch.testing.assert_close(clipped["layer"]["weight"], parameters[0].grad, rtol=0, atol=1e-12)
    torch.testing.assert_close(clipped["scale"], parameters[2].grad, rtol=0, atol=1e-12)


def test_clipping_is_pure():
    grads = gradients(start(torch.float32))
    before = grads["scale"].clone()
    clip_gradients(grads, 1e-3)
    assert torch.equal(grads["scale"], before)
