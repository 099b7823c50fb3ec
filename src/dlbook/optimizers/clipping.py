"""Gradients that are too long, shortened."""

from torch import Tensor

from dlbook.optimizers.trees import Tree, leaves, map_trees


def clip_gradients(grads: Tree, max_norm: float | Tensor) -> Tree:
    """g · min(1, c / (‖g‖ + 10⁻⁶)): all gradients shrunk together to a norm of at most c.

    Args:
        grads: gradients; ‖g‖ is the norm of all their numbers together.
        max_norm: c, above 0. The 10⁻⁶ is that of `torch.nn.utils.clip_grad_norm_`.

    Reference: Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural
    networks", ICML 2013, algorithm 1.
    """
    norm = sum(g.square().sum() for g in leaves(grads)).sqrt()
    scale = (max_norm / (norm + 1e-6)).clamp(max=1)
    return map_trees(lambda g: scale * g, grads)
