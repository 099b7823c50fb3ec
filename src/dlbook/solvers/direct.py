"""Linear systems A x = b by elimination: a factorisation, then two triangular systems.

    A[p] = L U     partial pivoting, any invertible A          2n³/3 operations
    A = L Lᵀ       Cholesky, A symmetric positive definite      n³/3
    A = Q R        Householder reflections, also tall A        4n³/3

The library's are `torch.linalg.lu_factor`, `cholesky` and `qr`; these show what they do.

Reference: Golub and Van Loan, "Matrix computations", 2013, sections 3.4, 4.2 and 5.2.
"""

import torch
from torch import Tensor


def lu(A: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Row order p and triangles L (ones on the diagonal), U with A[p] = L U.

    Column by column, the largest number left becomes the pivot, and multiples of its row are
    subtracted from the rows below; the multiples are L.

    Raises:
        ValueError: A is not square, or a pivot is 0.
    """
    _check_square(A)
    n, work, order = len(A), A.clone(), torch.arange(len(A))
    for k in range(n - 1):
        pivot = k + int(work[k:, k].abs().argmax())
        _check_pivot(work[pivot, k], k)
        work[[k, pivot]], order[[k, pivot]] = work[[pivot, k]], order[[pivot, k]]
        work[k + 1 :, k] /= work[k, k]
        work[k + 1 :, k + 1 :] -= torch.outer(work[k + 1 :, k], work[k, k + 1 :])
    _check_pivot(work[-1, -1], n - 1)
    return order, work.tril(-1) + torch.eye(n, dtype=A.dtype), work.triu()


def cholesky(A: Tensor) -> Tensor:
    """The lower triangle L with A = L Lᵀ: L_kk = √(what is left of A_kk).

    Raises:
        ValueError: A is not square, or not positive definite.
    """
    _check_square(A)
    L, work = torch.zeros_like(A), A.clone()
    for k in range(len(A)):
        if not work[k, k] > 0:
            raise ValueError(f"the matrix is not positive definite: pivot {k} is {work[k, k]:.3g}")
        L[k:, k] = work[k:, k] / work[k, k].sqrt()
        work[k:, k:] -= torch.outer(L[k:, k], L[k:, k])
    return L


def qr(A: Tensor) -> tuple[Tensor, Tensor]:
    """Q (m, n) with orthonormal columns and the triangle R (n, n) with A (m, n) = Q R, m >= n.

    Each reflection x − 2 v (v·x) sends the rest of a column to its first place.
    """
    m, n = A.shape
    R, Q = A.clone(), torch.eye(m, dtype=A.dtype)
    for k in range(min(m - 1, n)):
        v = R[k:, k].clone()
        v[0] += torch.copysign(v.norm(), v[0])
        v /= v.norm().clamp(min=torch.finfo(A.dtype).tiny)
        R[k:] -= 2 * torch.outer(v, v @ R[k:])
        Q[:, k:] -= 2 * torch.outer(Q[:, k:] @ v, v)
    return Q[:, :n], R[:n].triu()


def solve_lower(L: Tensor, b: Tensor) -> Tensor:
    """x with L x = b, from the first row down: x_k = (b_k − Σ_{j<k} L_kj x_j) / L_kk."""
    x = torch.zeros_like(b)
    for k in range(len(b)):
        x[k] = (b[k] - L[k, :k] @ x[:k]) / L[k, k]
    return x


def solve_upper(U: Tensor, b: Tensor) -> Tensor:
    """x with U x = b, from the last row up."""
    return solve_lower(U.flip(0, 1), b.flip(0)).flip(0)


def solve_by_lu(A: Tensor, b: Tensor) -> Tensor:
    """x with A x = b, any invertible A (n, n)."""
    order, L, U = lu(A)
    return solve_upper(U, solve_lower(L, b[order]))


def solve_by_cholesky(A: Tensor, b: Tensor) -> Tensor:
    """x with A x = b, A symmetric positive definite."""
    L = cholesky(A)
    return solve_upper(L.T, solve_lower(L, b))


def solve_by_qr(A: Tensor, b: Tensor) -> Tensor:
    """x with A x = b, or the least-squares x where A is tall."""
    Q, R = qr(A)
    return solve_upper(R, Q.T @ b)


def _check_square(A: Tensor) -> None:
    if A.ndim != 2 or A.shape[0] != A.shape[1]:
        raise ValueError(f"the matrix must be square, not {tuple(A.shape)}")


def _check_pivot(pivot: Tensor, k: int) -> None:
    if pivot == 0:
        raise ValueError(f"the matrix is singular: no pivot in column {k}")
