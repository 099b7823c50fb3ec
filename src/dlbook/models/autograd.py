"""A miniature autograd engine: tensors that remember what they were computed from.

Every operation makes a `Node` that holds its result, its parents and one function, `pull`. Given
the gradient ∂L/∂z of some number L with respect to the result z, `pull` returns ∂L/∂x for every
parent x: the transposed Jacobian of the operation times what it was given,

    ∂L/∂x = Jᵀ ∂L/∂z,    J_ij = ∂z_i / ∂x_j.

No Jacobian is ever built: each `pull` is the formula of that product. `backward` calls them in the
opposite order of the computation and adds up what arrives at a node from several sides.

Reference: Linnainmaa, "Taylor expansion of the accumulated rounding error", 1976; in this form,
Karpathy, micrograd, 2020.
"""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

Pull = Callable[[Tensor], tuple[Tensor, ...]]


class Node:
    """A value in a computational graph, and how to send gradients on to its parents.

    Attributes:
        value: float64 tensor of any shape.
        parents: the nodes it was computed from; none for an input.
        pull: maps ∂L/∂(this node) to one gradient for each parent.
        name: of an input, or the sign of the operation.
        grad: ∂L/∂(this node) after `backward(L)`, of the shape of `value`; None before.

    >>> x, y, z = Node(1.0), Node(-3.0), Node(4.0)
    >>> f = (x + y) * z
    >>> backward(f)
    >>> f.value.item(), x.grad.item(), y.grad.item(), z.grad.item()
    (-8.0, 4.0, 4.0, -2.0)
    """

    def __init__(self, value, parents: tuple["Node", ...] = (), pull: Pull | None = None, name=""):
        self.value = torch.as_tensor(value, dtype=torch.float64)
        self.parents, self.pull, self.name = parents, pull, name
        self.grad: Tensor | None = None

    def __add__(self, other):
        other = as_node(other)
        return Node(self.value + other.value, (self, other), lambda g: (g, g), "+")

    def __mul__(self, other):
        other = as_node(other)
        a, b = self.value, other.value
        return Node(a * b, (self, other), lambda g: (g * b, g * a), "×")

    def __pow__(self, exponent: float):
        """Powers with a constant exponent."""
        a = self.value
        slope = exponent * a ** (exponent - 1)
        return Node(a**exponent, (self,), lambda g: (g * slope,), f"^{exponent:g}")

    def __matmul__(self, other):
        """A @ B of two matrices, or a matrix times a vector.

        Raises:
            ValueError: another product, such as a vector times a matrix.
        """
        other = as_node(other)
        A, B = self.value, other.value
        if A.dim() != 2 or B.dim() not in (1, 2):
            raise ValueError(
                "@ needs a matrix on the left and a matrix or vector on the right, not shapes "
                f"{tuple(A.shape)} and {tuple(B.shape)}"
            )
        outer = (lambda g: torch.outer(g, B)) if B.dim() == 1 else (lambda g: g @ B.T)
        return Node(A @ B, (self, other), lambda g: (outer(g), A.T @ g), "@")

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        other = as_node(other)
        return Node(self.value - other.value, (self, other), lambda g: (g, -g), "−")

    def __truediv__(self, other):
        return self * as_node(other) ** -1.0

    def __radd__(self, other):
        return as_node(other) + self

    def __rmul__(self, other):
        return as_node(other) * self

    def __rsub__(self, other):
        return as_node(other) - self

    def __rtruediv__(self, other):
        return as_node(other) / self


def as_node(value) -> Node:
    """`value` itself if it is a node, else a node that holds it as a constant.

    A single number is the node's name; a constant of several entries has none.
    """
    if isinstance(value, Node):
        return value
    number = torch.as_tensor(value)
    name = f"{number.item():g}".replace("-", "−") if number.dim() == 0 else ""
    return Node(value, name=name)


def exp(x: Node) -> Node:
    """eˣ, entry by entry."""
    z = x.value.exp()
    return Node(z, (x,), lambda g: (g * z,), "exp")


def log(x: Node) -> Node:
    """The natural logarithm of positive entries."""
    return Node(x.value.log(), (x,), lambda g: (g / x.value,), "log")


def tanh(x: Node) -> Node:
    """tanh x, entry by entry; its slope is 1 − tanh² x."""
    z = x.value.tanh()
    return Node(z, (x,), lambda g: (g * (1 - z**2),), "tanh")


def sigmoid(x: Node) -> Node:
    """σ(x) = 1 / (1 + e⁻ˣ), entry by entry; its slope is σ(x)(1 − σ(x))."""
    z = x.value.sigmoid()
    return Node(z, (x,), lambda g: (g * z * (1 - z),), "σ")


def maximum(x: Node, y: Node | float) -> Node:
    """The larger of two, entry by entry; all of the gradient goes to it, half to each of a tie."""
    y = as_node(y)
    share = torch.heaviside(x.value - y.value, torch.tensor(0.5, dtype=torch.float64))
    z = torch.maximum(x.value, y.value)
    return Node(z, (x, y), lambda g: (g * share, g * (1 - share)), "max")


def relu(x: Node) -> Node:
    """max(0, x), entry by entry; its slope at 0 is taken as 0, as torch does."""
    z = x.value.relu()
    return Node(z, (x,), lambda g: (g * (z > 0),), "relu")


def total(x: Node) -> Node:
    """The sum of all entries."""
    return Node(x.value.sum(), (x,), lambda g: (g.expand_as(x.value),), "Σ")


def topological_order(result: Node) -> list[Node]:
    """All nodes that `result` depends on, each after its parents; `result` is the last."""
    ordered, seen, stack = [], set(), [(result, False)]
    while stack:  # a loop, since deep graphs would overflow Python's recursion
        node, parents_done = stack.pop()
        if parents_done:
            ordered.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            stack.append((node, True))
            stack.extend((parent, False) for parent in reversed(node.parents))
    return ordered


def backward(result: Node) -> None:
    """Set `grad` of every node that `result` depends on to ∂result/∂node.

    Raises:
        ValueError: `result` is not a single number.
    """
    for _ in backward_steps(result):
        pass


def backward_steps(result: Node) -> Iterator[Node]:
    """`backward`, step by step: yields each node once its messages to its parents are delivered."""
    if result.value.dim() != 0:
        raise ValueError(f"the result must be one number, not of shape {(*result.value.shape,)}")
    ordered = topological_order(result)
    for node in ordered:
        node.grad = torch.zeros_like(node.value)
    result.grad = torch.ones_like(result.value)
    for node in reversed(ordered):
        if not node.parents:
            continue
        for parent, message in zip(node.parents, node.pull(node.grad), strict=True):
            parent.grad = parent.grad + summed_to(message, parent.value.shape)
        yield node


def summed_to(gradient: Tensor, shape: torch.Size) -> Tensor:
    """`gradient` summed over the axes along which a tensor of `shape` was broadcast.

    What was copied forward is added up backward.
    """
    missing = gradient.dim() - len(shape)
    axes = [*range(missing), *(missing + k for k, size in enumerate(shape) if size == 1)]
    return gradient.sum(dim=axes).reshape(shape) if axes else gradient  # dim=[] would sum all


def local_derivatives(node: Node) -> tuple[float, ...]:
    """∂node/∂parent for each parent of a node that holds one number."""
    return tuple(slope.item() for slope in node.pull(torch.ones_like(node.value)))
