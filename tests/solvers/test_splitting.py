"""ADMM and the primal-dual method: one answer, certified, and the price that is needed for it."""

import numpy as np
import pytest
import torch
from scipy.optimize import nnls

from dlbook.datasets.photographs import bars
from dlbook.datasets.toy_regression import sparse_linear
from dlbook.models import lasso
from dlbook.models.total_variation import denoise
from dlbook.random import normal
from dlbook.solvers.image_denoising import adjoint, denoise_image, differences, total_variation
from dlbook.solvers.splitting import admm


def _proxes(X, y, penalty):
    """Proximal steps of ‖Xw − y‖² / 2n and of λ‖w‖₁, for centred data."""
    n, identity = len(y), torch.eye(X.shape[1], dtype=X.dtype)

    def data(z, coupling):
        return torch.linalg.solve(X.T @ X / n + coupling * identity, X.T @ y / n + coupling * z)

    return data, lambda z, coupling: lasso.soft_threshold(z, penalty / coupling)


@pytest.mark.parametrize("coupling", [0.1, 1.0, 10.0])
def test_admm_equals_coordinate_descent_on_the_lasso(coupling):
    for seed in range(3):
        X, y = (part.double() for part in sparse_linear(60, noise=1.0, seed=seed))
        reference = lasso.coordinate_descent(X, y, 0.3).weights
        fit = lasso.admm(X, y, 0.3, coupling=coupling)
        torch.testing.assert_close(fit.weights, reference, rtol=0, atol=1e-5)
        proxes = _proxes(X - X.mean(dim=0), y - y.mean(), 0.3)
        run = admm(*proxes, torch.zeros(20).double(), coupling=coupling, num_steps=1_000)
        torch.testing.assert_close(run.w[-1], reference, rtol=0, atol=1e-5)


def test_the_price_does_not_depend_on_the_coupling():
    X, y = (part.double() for part in sparse_linear(60, noise=1.0, seed=0))
    Xc, yc = X - X.mean(dim=0), y - y.mean()
    prices = []
    for coupling in (0.3, 1.0, 3.0):
        run = admm(*_proxes(Xc, yc, 0.3), torch.zeros(20).double(), coupling=coupling,
                   num_steps=1_000)  # fmt: skip
        pull = Xc.T @ (yc - Xc @ run.w[-1]) / 60
        torch.testing.assert_close(coupling * run.u[-1], pull, rtol=0, atol=1e-7)
        prices.append(coupling * run.u[-1])
        assert prices[-1].abs().max() < 0.3 + 1e-7
    torch.testing.assert_close(prices[0], prices[2], rtol=0, atol=1e-6)


def test_without_a_price_the_copies_stay_apart():
    X, y = (part.double() for part in sparse_linear(60, noise=1.0, seed=0))
    proxes = _proxes(X - X.mean(dim=0), y - y.mean(), 0.3)
    start = torch.zeros(20).double()
    apart = admm(*proxes, start, coupling=1.0, num_steps=1_000, priced=False)
    together = admm(*proxes, start, coupling=1.0, num_steps=1_000)
    assert (apart.v - apart.w)[-1].norm() > 0.1
    assert (together.v - together.w)[-1].norm() < 1e-9


def test_a_constraint_is_a_projection():
    X, y = normal((40, 8), seed=0).double(), normal(40, seed=1).double()

    def data(z, coupling):
        return torch.linalg.solve(X.T @ X + coupling * torch.eye(8), X.T @ y + coupling * z)

    run = admm(data, lambda z, _: z.clamp(min=0), torch.zeros(8).double(), coupling=30.0,
               num_steps=300)  # fmt: skip
    np.testing.assert_allclose(run.w[-1].numpy(), nnls(X.numpy(), y.numpy())[0], atol=1e-8)


def test_adjoint_is_the_transpose():
    u, p = normal((5, 7), seed=0).double(), normal((2, 5, 7), seed=1).double()
    assert (p * differences(u)).sum() == pytest.approx((adjoint(p) * u).sum().item(), abs=1e-12)


@pytest.mark.parametrize("penalty", [0.05, 0.2, 1.0])
def test_duality_gap_goes_to_zero(penalty):
    clean = bars(24, 24, num_bars=2)[0].double() / 255
    for seed in range(2):
        noisy = clean + 0.2 * normal((24, 24), seed=seed).double()
        run = denoise_image(noisy, penalty, num_steps=1_500)
        gaps = run.values - run.bounds
        assert gaps.min() > -1e-9
        assert gaps[-1] < 1e-3 * run.values[-1] < gaps[10]
        assert (run.bounds <= run.values[-1] + 1e-9).all()
        assert total_variation(run.images[-1]) < total_variation(noisy)


def test_denoising_helps():
    clean = bars(24, 24, num_bars=2)[0].double() / 255
    for seed in range(3):
        noisy = clean + 0.2 * normal((24, 24), seed=seed).double()
        smooth = denoise_image(noisy, 0.2, num_steps=500).images[-1]
        assert (smooth - clean).square().mean() < 0.3 * (noisy - clean).square().mean()


def test_a_signal_is_a_picture_of_one_row():
    signal = torch.cat([torch.zeros(20), torch.ones(20)]).double() + 0.2 * normal(40, seed=0)
    row = denoise_image(signal[None], 0.5, num_steps=5_000).images[-1, 0]
    torch.testing.assert_close(
        row, denoise(signal, 0.5, num_iterations=5_000).signal, rtol=0, atol=1e-4
    )


def test_wrong_penalty_is_named():
    with pytest.raises(ValueError, match="penalty must be above 0, not 0"):
        denoise_image(torch.zeros(3, 3), 0, num_steps=1)
