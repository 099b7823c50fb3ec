"""LU, QR and Cholesky reproduce the matrix, solve the system, and say what they can't do."""

import pytest
import torch

from dlbook.random import normal
from dlbook.solvers import direct
from dlbook.solvers.matrices import badly_scaled, poisson, waves, with_condition

SOLVERS = [direct.solve_by_lu, direct.solve_by_cholesky, direct.solve_by_qr]


def _square(n, seed):
    return normal((n, n), seed=seed).double()


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("n", [1, 2, 7, 40])
def test_factors_reproduce_the_matrix(n, seed):
    A = _square(n, seed)
    order, L, U = direct.lu(A)
    torch.testing.assert_close(L @ U, A[order], rtol=0, atol=1e-11)
    assert torch.equal(L.triu(1), torch.zeros_like(A))
    assert torch.equal(U.tril(-1), torch.zeros_like(A))
    assert L.abs().max() <= 1  # the pivot is the largest
    Q, R = direct.qr(A)
    torch.testing.assert_close(Q @ R, A, rtol=0, atol=1e-11)
    torch.testing.assert_close(Q.T @ Q, torch.eye(n).double(), rtol=0, atol=1e-12)
    S = A @ A.T + torch.eye(n).double()
    C = direct.cholesky(S)
    torch.testing.assert_close(C @ C.T, S, rtol=0, atol=1e-11)


def test_factors_are_those_of_torch():
    A = _square(12, 0)
    P, L, U = torch.linalg.lu(A)
    order, own_L, own_U = direct.lu(A)
    torch.testing.assert_close(P.T @ A, A[order])
    torch.testing.assert_close(own_L, L)
    torch.testing.assert_close(own_U, U)
    S = A @ A.T
    torch.testing.assert_close(direct.cholesky(S), torch.linalg.cholesky(S))


@pytest.mark.parametrize("solve", SOLVERS)
@pytest.mark.parametrize("condition", [10, 1e4])
def test_residual_is_below_1e_10(solve, condition):
    for seed in range(3):
        A, b = with_condition(60, condition, seed=seed), normal(60, seed=seed, stream=1).double()
        x = solve(A, b)
        assert (A @ x - b).norm() < 1e-10
        torch.testing.assert_close(x, torch.linalg.solve(A, b), rtol=1e-8, atol=1e-8)


def test_qr_solves_least_squares():
    X, y = normal((30, 4), seed=0).double(), normal(30, seed=1).double()
    reference = torch.linalg.lstsq(X, y.unsqueeze(1)).solution[:, 0]
    torch.testing.assert_close(direct.solve_by_qr(X, y), reference)


def test_a_pivot_of_zero_needs_another_row():
    A = torch.tensor([[0.0, 1.0], [2.0, 3.0]], dtype=torch.float64)
    torch.testing.assert_close(
        direct.solve_by_lu(A, A @ torch.ones(2).double()), torch.ones(2).double()
    )


def test_what_cannot_be_factored_is_named():
    with pytest.raises(ValueError, match="square, not \\(2, 3\\)"):
        direct.lu(torch.zeros(2, 3))
    with pytest.raises(ValueError, match="singular: no pivot in column 0"):
        direct.lu(torch.zeros(2, 2))
    with pytest.raises(ValueError, match="not positive definite: pivot 1 is -3"):
        direct.cholesky(torch.tensor([[1.0, 2.0], [2.0, 1.0]]))


def test_the_waves_are_the_eigenvectors_of_the_string():
    V, j = waves(20), torch.arange(1, 21).double()
    torch.testing.assert_close(V.T @ V, torch.eye(20).double())
    values = 2 - 2 * torch.cos(torch.pi * j / 21)
    torch.testing.assert_close(poisson(20) @ V, V * values)
    torch.testing.assert_close(torch.linalg.eigvalsh(poisson(20)), values)


def test_condition_numbers_are_as_asked():
    assert torch.linalg.cond(with_condition(30, 1e3, seed=0)) == pytest.approx(1e3, rel=1e-8)
    assert 1e4 < torch.linalg.cond(badly_scaled(60, 4, seed=0)) < 2e4
