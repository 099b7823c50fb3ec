"""Jacobi, Gauss-Seidel and conjugate gradients: radii, numbers of steps, filters."""

import math

import numpy as np
import pytest
import torch
from scipy.sparse.linalg import cg

from dlbook.random import normal
from dlbook.solvers.iterative import (
    conjugate_gradients,
    gauss_seidel_part,
    jacobi_part,
    spectral_radius,
    stationary,
)
from dlbook.solvers.matrices import badly_scaled, poisson, waves, with_condition


@pytest.mark.parametrize("n", [5, 20, 60])
def test_gauss_seidel_has_the_squared_radius_of_jacobi_on_the_string(n):
    A = poisson(n)
    jacobi = spectral_radius(A, jacobi_part(A))
    assert jacobi == pytest.approx(math.cos(math.pi / (n + 1)), abs=1e-10)
    assert spectral_radius(A, gauss_seidel_part(A)) == pytest.approx(jacobi**2, abs=1e-9)


def test_radii_of_twenty_beads():
    A = poisson(20)
    assert spectral_radius(A, jacobi_part(A)) == pytest.approx(0.98883, abs=5e-6)
    assert spectral_radius(A, gauss_seidel_part(A)) == pytest.approx(0.97779, abs=5e-6)


@pytest.mark.parametrize("part", [jacobi_part, gauss_seidel_part])
def test_iterations_end_at_the_solution(part):
    A, b = poisson(20), normal(20, seed=0).double()
    run = stationary(A, b, part(A), num_steps=3_000)
    assert run.residuals[-1] < 1e-10
    torch.testing.assert_close(run.x[-1], torch.linalg.solve(A, b))


def test_gauss_seidel_uses_new_values_at_once():
    A, b = with_condition(5, 10, seed=0), normal(5, seed=0).double()
    x = torch.zeros(5).double()
    for i in range(5):
        x[i] = (b[i] - A[i] @ x + A[i, i] * x[i]) / A[i, i]
    run = stationary(A, b, gauss_seidel_part(A), num_steps=1)
    torch.testing.assert_close(run.x[1], x)


@pytest.mark.parametrize("damping", [1.0, 2 / 3])
def test_damped_jacobi_scales_every_wave_by_its_filter(damping):
    A, V, n = poisson(20), waves(20), 20
    first = normal(n, seed=0).double()
    run = stationary(A, torch.zeros(n).double(), jacobi_part(A, damping), num_steps=10, start=first)
    factors = 1 - damping * torch.linalg.eigvalsh(A) / 2
    torch.testing.assert_close(run.x[10] @ V, factors**10 * (first @ V))


def test_even_load_needs_ten_steps_and_an_uneven_one_twenty():
    A = poisson(20)
    assert conjugate_gradients(A, torch.ones(20).double(), num_steps=30).num_steps(1e-10) == 10
    for seed in range(5):
        b = normal(20, seed=seed).double()
        assert conjugate_gradients(A, b, num_steps=30).num_steps(1e-10) == 20


@pytest.mark.parametrize("seed", range(3))
def test_equals_scipy(seed):
    A, b = with_condition(30, 100, seed=seed), normal(30, seed=seed, stream=1).double()
    places = []
    cg(A.numpy(), b.numpy(), rtol=1e-12, maxiter=10, callback=lambda x: places.append(x.copy()))
    run = conjugate_gradients(A, b, num_steps=10)
    torch.testing.assert_close(run.x[1:], torch.from_numpy(np.stack(places)), rtol=1e-8, atol=1e-8)


def test_step_k_is_the_best_of_all_polynomials():
    A, b = with_condition(12, 50, seed=0), normal(12, seed=0).double()
    exact, powers = torch.linalg.solve(A, b), [b]
    for x in conjugate_gradients(A, b, num_steps=5).x[1:]:
        K = torch.stack(powers, dim=1)  # b, Ab, A²b, ...
        best = K @ torch.linalg.solve(K.T @ A @ K, K.T @ A @ exact)
        torch.testing.assert_close(x, best, rtol=1e-6, atol=1e-6)
        powers.append(A @ powers[-1])


@pytest.mark.parametrize("seed", range(5))
def test_preconditioning_saves_nine_tenths_of_the_steps(seed):
    A, b = badly_scaled(60, 4, seed=seed), normal(60, seed=seed, stream=1).double()
    plain = conjugate_gradients(A, b, num_steps=300)
    scaled = conjugate_gradients(A, b, num_steps=60, scale=1 / A.diagonal())
    assert 170 < plain.num_steps(1e-8) < 210  # seen: 185 to 190
    assert 17 < scaled.num_steps(1e-8) < 24  # seen: 20 and 21
    assert scaled.residuals.min() < 1e-10


def test_jacobi_may_diverge_where_gauss_seidel_converges():
    for seed in range(5):
        A = with_condition(60, 100, seed=seed)
        assert spectral_radius(A, jacobi_part(A)) > 1.5
        assert spectral_radius(A, gauss_seidel_part(A)) < 1


def test_unreached_tolerance_is_minus_one():
    A, b = poisson(20), torch.ones(20).double()
    assert conjugate_gradients(A, b, num_steps=5).num_steps(1e-10) == -1
