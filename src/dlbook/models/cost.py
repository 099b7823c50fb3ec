"""What a forward and a backward pass cost, in multiply-accumulate operations (MACs).

A layer with weights does three products of one size: forward z = W x, the gradient of the weights
g xᵀ, and the message to the layer before, Wᵀ g. The first layer has nobody to send a message to.
In a chain of layers,

    backward / forward = 2 − (share of the first layer in the forward pass).

Biases, activations and pooling are not counted: they cost a few operations a unit.

Reference: Baydin, Pearlmutter, Radul, Siskind, "Automatic differentiation in machine learning: a
survey", 2018, section 3.2: a gradient costs at most about four (five with divisions) evaluations.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.autograd.graph import saved_tensors_hooks


@dataclass(frozen=True)
class LayerCost:
    """MACs of one layer with weights for one sample, and the sizes that go with them.

    Attributes:
        name: of the layer.
        forward: MACs of z = W x.
        weight_gradient: MACs of g xᵀ; 0 if the weights are not trained.
        message: MACs of Wᵀ g; 0 if nothing before the layer is trained.
        num_weights: parameters without biases.
        num_inputs: numbers that the backward pass needs of the forward pass: the layer's input.
    """

    name: str
    forward: int
    weight_gradient: int
    message: int
    num_weights: int
    num_inputs: int


def layer_costs(model: nn.Module, input_shape: Sequence[int]) -> list[LayerCost]:
    """The cost of every linear and convolutional layer of `model`, in the order they run.

    Args:
        model: any module; it is run once, in eval mode, on zeros. What requires a gradient is
            trained.
        input_shape: of one sample, without the batch axis.

    Raises:
        ValueError: no layer with weights ran.
    """
    found: list[LayerCost] = []

    def note(layer: nn.Module, inputs: tuple, output: torch.Tensor) -> None:
        macs = output.numel() * math.prod(layer.weight.shape[1:])
        weight_gradient = macs if layer.weight.requires_grad else 0
        message = macs if inputs[0].requires_grad else 0
        kind = "dense" if isinstance(layer, nn.Linear) else "conv"
        name = f"{len(found) + 1} {kind}"
        sizes = layer.weight.numel(), inputs[0].numel()
        found.append(LayerCost(name, macs, weight_gradient, message, *sizes))

    weighted = [m for m in model.modules() if isinstance(m, nn.Linear | nn.Conv2d)]
    hooks = [layer.register_forward_hook(note) for layer in weighted]
    was_training = model.training
    try:
        with torch.enable_grad():
            model.eval()(torch.zeros(1, *input_shape))
    finally:
        model.train(was_training)
        for hook in hooks:
            hook.remove()
    if not found:
        raise ValueError("the model has no linear or convolutional layer")
    return found


def num_kept(model: nn.Module, X: Tensor) -> int:
    """How many numbers torch keeps of a forward pass for the backward pass, its weights apart.

    Inputs of layers with weights, and what activations and pooling need; a tensor that two
    operations need is kept once.

    Args:
        model: any module.
        X: its inputs.

    Returns:
        memory in units of a float32, 4 bytes: the int64 indices of pooling count twice.
    """
    own = {tensor.untyped_storage().data_ptr() for tensor in model.state_dict().values()}
    kept = {}

    def note(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        kept[storage.data_ptr()] = storage  # as long as it is held, no other has its address
        return tensor

    with saved_tensors_hooks(note, lambda tensor: tensor):
        model(X)
    return sum(storage.nbytes() // 4 for place, storage in kept.items() if place not in own)


def forward_macs(costs: Sequence[LayerCost]) -> int:
    """MACs of the forward pass of one sample."""
    return sum(cost.forward for cost in costs)


def backward_macs(costs: Sequence[LayerCost]) -> int:
    """MACs of the backward pass of one sample."""
    return sum(cost.weight_gradient + cost.message for cost in costs)


def backward_ratio(costs: Sequence[LayerCost]) -> float:
    """Backward over forward MACs; in a trained chain of layers 2 − (share of the first)."""
    return backward_macs(costs) / forward_macs(costs)


@dataclass(frozen=True)
class Timeline:
    """A training step of a chain of equal layers, one entry a layer that runs.

    Attributes:
        stored: how many activations are in memory after each run.
        kind: "forward", "again" (a forward run repeated during the backward pass) or "backward".
    """

    stored: list[int]
    kind: list[str]

    @property
    def peak(self) -> int:
        """The most activations that are in memory at any time."""
        return max(self.stored)


def checkpointed_step(num_layers: int, every: int) -> Timeline:
    """Which activations are kept when only every `every`-th one is stored in the forward pass.

    The backward pass recomputes those in between, one stretch at a time, from the stored one
    before. With every = 1 all are stored and nothing is computed twice. The peak is about
    num_layers / every + every, least for every = √num_layers.

    Raises:
        ValueError: `every` is not in 1..num_layers.

    Reference: Chen, Xu, Zhang, Guestrin, "Training deep nets with sublinear memory cost", 2016.
    """
    if not 1 <= every <= num_layers:
        raise ValueError(f"every must be from 1 to {num_layers}, not {every}")
    kept = set(range(0, num_layers, every))  # inputs of layers, by the layer's number
    stored, kind = [], []
    in_memory: set[int] = set()
    for layer in range(num_layers):
        in_memory |= {layer} & kept
        stored.append(len(in_memory))
        kind.append("forward")
    for layer in reversed(range(num_layers)):
        start = layer - layer % every
        for missing in range(start + 1, layer + 1):
            if missing not in in_memory:  # the run of layer `missing − 1` gives its input
                in_memory.add(missing)
                stored.append(len(in_memory))
                kind.append("again")
        stored.append(len(in_memory))
        kind.append("backward")
        in_memory.discard(layer)
    return Timeline(stored, kind)
