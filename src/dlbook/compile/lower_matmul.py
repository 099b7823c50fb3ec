"""Matrix products, by the kernel."""

from dlbook.compile.buffers import Expression, Tensor, Window, read
from dlbook.compile.builder import Builder
from dlbook.compile.lower_pointwise import plus, times
from dlbook.compile.lowering import Call
from dlbook.compile.nests import MatrixProduct
from dlbook.compile.scalars import rounded, single


def matmul(call: Call) -> Window:
    """mm, bmm."""
    if call.kind != "float":
        call.refuse(f"matrix products are of float32, not of {call.kind}")
    return product_of(call.build, call["self"], call["mat2"])


def product_of(build: Builder, left: Tensor, right: Tensor) -> Window:
    """left[..., n, k] @ right[..., k, m] for equal leading axes."""
    left, right = build.in_memory(left), build.in_memory(right)
    if right.strides[-1] != 1 and right.shape[-1] != 1:
        right = build.copied(right)
    out = build.tensor([*left.shape[:-1], right.shape[-1]], "float")
    build.steps.append(MatrixProduct(left, right, out))
    return out


def add_matmul(call: Call) -> Expression:
    """addmm, baddbmm: beta · self + alpha · a @ b."""
    names = ("mat1", "mat2") if call.name == "addmm" else ("batch1", "batch2")
    if call.kind != "float":
        call.refuse(f"matrix products are of float32, not of {call.kind}")
    out = product_of(call.build, *(call[name] for name in names))
    alpha, beta, added = single(call["alpha"]), single(call["beta"]), call["self"]

    def at(index):
        total = plus(times(out.at(index), alpha), times(read(added, index), beta))
        return rounded(total, "float")

    return Expression(call.shape, call.kind, at)


LOWERINGS = {"mm": matmul, "bmm": matmul, "addmm": add_matmul, "baddbmm": add_matmul}
