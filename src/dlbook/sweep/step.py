"""One training step: of a single member, and of all members of a stack at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.func import functional_call, grad_and_value

from dlbook.optimizers import OPTIMIZERS, clip_gradients
from dlbook.optimizers.trees import Tree, map_trees
from dlbook.sweep.grid import CLIP
from dlbook.sweep.stack import Layout, Stack
from dlbook.training import mean_loss

Advance = Callable[[Tree, Mapping, Mapping, Tensor, Tensor], tuple[Tree, Tensor]]


@dataclass(frozen=True)
class MemberStep:
    """state, hyper, extra, X, y -> state, loss; all of one member, pure, in torch operations.

    Attributes:
        model: lends its architecture; it must be in train mode.
        layout: of the flat parameter vector.
        loss_fn: as for `dlbook.training.fit`, with `extra` as keywords.
        optimizer: one of `dlbook.optimizers.OPTIMIZERS`.
    """

    model: nn.Module
    layout: Layout
    loss_fn: Callable
    optimizer: str

    def __call__(self, state: Tree, hyper: Mapping, extra: Mapping, X: Tensor, y: Tensor):
        """The state after one step, and the loss before it."""

        def objective(flat: Tensor) -> tuple[Tensor, dict]:
            buffers = map_trees(torch.clone, state["buffers"])  # train mode may write into them
            tensors = self.layout.unflatten(flat) | buffers
            y_hat = functional_call(self.model, tensors, (X,))
            return mean_loss(lambda a, b: self.loss_fn(a, b, **extra), y_hat, y), buffers

        grads, (loss, buffers) = grad_and_value(objective, has_aux=True)(state["params"])
        params, memory = self.update(state["params"], grads, state["memory"], hyper)
        return {"params": params, "buffers": buffers, "memory": memory}, loss

    def update(self, flat: Tensor, grads: Tensor, memory: Tree, hyper: Mapping):
        """New parameters and memory; all parameters are one vector, so every rule is one call."""
        rates = {name: value for name, value in hyper.items() if name != CLIP}
        tree = {"all": grads}
        if CLIP in hyper:
            tree = clip_gradients(tree, hyper[CLIP])
        params, memory = OPTIMIZERS[self.optimizer]({"all": flat}, tree, memory, rates)
        return params["all"], memory


def stacked(step: MemberStep, *, shared_batch: bool, randomness: str = "error") -> Advance:
    """`step` for all members at once: the same arithmetic with a leading axis (`torch.vmap`).

    Args:
        step: of one member.
        shared_batch: whether X and y have no axis of members.
        randomness: as for `torch.vmap`; "different" lets a module draw, but other numbers than in
            a run of its own.
    """
    axis = None if shared_batch else 0
    return torch.vmap(step, in_dims=(0, 0, 0, axis, axis), randomness=randomness)


def member_step(stack: Stack, loss_fn: Callable, optimizer: str) -> MemberStep:
    """The step of any member of `stack`."""
    return MemberStep(stack.model, stack.layout, loss_fn, optimizer)


def answers(model: nn.Module, layout: Layout, state: Tree, X: Tensor, *, shared: bool) -> Tensor:
    """What every member answers, (members, n, ...); `model` lends its architecture, in eval mode.

    Args:
        shared: whether X has no axis of members.
    """

    def one(flat: Tensor, buffers: Mapping, X: Tensor) -> Tensor:
        return functional_call(model, layout.unflatten(flat) | buffers, (X,))

    each = torch.vmap(one, in_dims=(0, 0, None if shared else 0), randomness="different")
    with torch.no_grad():
        return each(state["params"], state["buffers"], X)
