"""The small network: shapes, gradients, eight images by heart, and repeatable training."""

import torch
from torch.nn.functional import cross_entropy

from dlbook.datasets.digits import split_enlarged_digits
from dlbook.models.small_cnn import small_cnn
from dlbook.training import fit


def test_shapes_parameters_and_gradients():
    model = small_cnn()
    logits = model(torch.zeros(3, 1, 28, 28) + torch.linspace(0, 1, 28))
    assert logits.shape == (3, 10)
    assert sum(p.numel() for p in model.parameters()) == 160 + 4640 + 1290
    logits.square().sum().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in model.parameters())


def test_seeds_make_weights_and_leave_torchs_generator_alone():
    before = torch.random.get_rng_state()
    first, again, other = (small_cnn(seed=seed)[1].weight for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert torch.equal(torch.random.get_rng_state(), before)


def test_learns_eight_images_by_heart_and_the_same_way_twice():
    (X, y), _ = split_enlarged_digits()
    X, y = X[:8], y[:8]
    models = [small_cnn(seed=1) for _ in range(2)]
    for model in models:
        fit(model, (X, y), loss_fn=cross_entropy, optimizer="adam", lr=5e-3, num_steps=80)
    logits = [model(X) for model in models]
    assert torch.equal(logits[0], logits[1])
    assert (logits[0].argmax(dim=1) == y).all()
    assert not models[0].training
