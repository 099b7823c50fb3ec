"""The members of one architecture as one: parameters with a leading axis, numbered by member."""

import copy
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from dlbook.optimizers import default_hyper, initial_state
from dlbook.optimizers.trees import Tree, map_trees
from dlbook.sweep.grid import CLIP, Member
from dlbook.training import gradients, mean_loss, number_type


@dataclass(frozen=True)
class Layout:
    """Where the trained parameters of one model lie in its flat vector.

    Attributes:
        shapes: name -> shape, in order.
    """

    shapes: Mapping[str, torch.Size]

    def flatten(self, tensors: Mapping[str, Tensor]) -> Tensor:
        """The vector (P,)."""
        return torch.cat([tensors[name].reshape(-1) for name in self.shapes])

    def unflatten(self, flat: Tensor) -> dict[str, Tensor]:
        """The parameters again: views of the vector (P,)."""
        parts = flat.split([shape.numel() for shape in self.shapes.values()])
        pairs = zip(self.shapes.items(), parts, strict=True)
        return {name: part.view(shape) for (name, shape), part in pairs}


@dataclass(frozen=True)
class Stack:
    """What a group of members is trained with.

    Attributes:
        model: lends its architecture, in train mode; its own numbers are never used.
        layout: of the flat vectors.
        state: "params" (members, P), "buffers" name -> (members, ...) and the optimizer's
            "memory" with a leading axis of members.
        hyper: name -> (members,) hyper-parameters of the optimizer, and `clip_norm` if it is used.
        extra: name -> (members,) further arguments of the loss.
    """

    model: nn.Module
    layout: Layout
    state: Tree
    hyper: dict[str, Tensor]
    extra: dict[str, Tensor]

    @property
    def size(self) -> int:
        """How many members there are."""
        return len(self.state["params"])

    def take(self, rows: Tensor) -> "Stack":
        """Some members only; `rows` are their numbers."""
        parts = (map_trees(lambda t: t[rows], t) for t in (self.state, self.hyper, self.extra))
        return Stack(self.model, self.layout, *parts)

    def evaluated(self) -> nn.Module:
        """The architecture in eval mode."""
        return copy.deepcopy(self.model).eval()


def build(make_model: Callable[..., nn.Module], member: Member, device: str) -> nn.Module:
    """The member's model with its initial parameters, in train mode.

    The seed goes to `make_model` if that takes one; if not, torch's generator has it meanwhile.
    """
    settings = dict(member.of("model"))
    if "seed" in inspect.signature(make_model).parameters:
        model = make_model(**settings, seed=member.seed)
    else:
        with torch.random.fork_rng(devices=[]):
            torch.default_generator.manual_seed(member.seed)
            model = make_model(**settings)
    return model.to(device).train()


def stack_members(
    make_model: Callable[..., nn.Module],
    members: Sequence[Member],
    *,
    loss_fn: Callable,
    first_batch: tuple[Tensor, Tensor],
    optimizer: str,
    hyper: Mapping[str, float],
    device: str,
) -> Stack:
    """Build a model for each seed and stack what the members begin with."""
    seeds = list(dict.fromkeys(member.seed for member in members))
    models = [build(make_model, next(m for m in members if m.seed == s), device) for s in seeds]
    extra = {k: float(v) for k, v in members[0].of("loss").items()}
    layout = _layout(models[0], loss_fn, first_batch, extra)
    flats = torch.stack([layout.flatten(dict(model.named_parameters())) for model in models])
    index = torch.tensor([seeds.index(member.seed) for member in members], device=device)
    kept = [_kept(model, layout) for model in models]
    buffers = {name: torch.stack([k[name] for k in kept])[index] for name in kept[0]}
    params = flats.detach()[index]
    memory = initial_state(optimizer, {"all": params[0]})
    memory = map_trees(lambda t: t.to(device).expand(len(members), *t.shape).clone(), memory)
    state = {"params": params, "buffers": buffers, "memory": memory}
    dtype = number_type(params)
    rates = stack_hyper(members, optimizer, hyper, dtype)
    extras = {
        k: torch.tensor([float(m.of("loss")[k]) for m in members], dtype=dtype) for k in extra
    }
    return Stack(
        models[0], layout, state, *(map_trees(lambda t: t.to(device), t) for t in (rates, extras))
    )


def stack_hyper(
    members: Sequence[Member], optimizer: str, hyper: Mapping[str, float], dtype: torch.dtype
) -> dict[str, Tensor]:
    """The hyper-parameters of all members, name -> (members,)."""
    each, clips = [], []
    for member in members:
        given = {**hyper, **member.of("hyper")}
        clips.append(given.pop(CLIP, None))
        each.append(default_hyper(optimizer, dtype=dtype, **given))
    names = dict.fromkeys(name for rates in each for name in rates)
    no_decay = torch.zeros((), dtype=dtype)
    stacked = {name: torch.stack([r.get(name, no_decay) for r in each]) for name in names}
    if any(clip is not None for clip in clips):
        limits = [float("inf") if clip is None else clip for clip in clips]
        stacked[CLIP] = torch.tensor(limits, dtype=dtype)
    return stacked


def _layout(model: nn.Module, loss_fn: Callable, batch, extra: Mapping[str, float]) -> Layout:
    """Of the parameters that require a gradient and that the loss depends on, as in `fit`."""
    params = {name: p for name, p in model.named_parameters() if p.requires_grad}
    if not params:
        raise ValueError("the model has no parameter that requires a gradient")
    probe = copy.deepcopy(model)
    params = {name: p for name, p in probe.named_parameters() if p.requires_grad}
    X, y = batch
    with torch.random.fork_rng(devices=[]):
        loss = mean_loss(lambda a, b: loss_fn(a, b, **extra), probe(X), y)
    _, reached = gradients(loss, params)
    return Layout({name: params[name].shape for name in reached})


def _kept(model: nn.Module, layout: Layout) -> dict[str, Tensor]:
    """Buffers, and parameters that are not trained."""
    others = {n: p.detach() for n, p in model.named_parameters() if n not in layout.shapes}
    return others | dict(model.named_buffers())
