"""The grid of a sweep: which settings there are, and what each of them decides."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from dlbook.optimizers import DEFAULTS, OPTIMIZERS

CLIP = "clip_norm"


@dataclass(frozen=True)
class Axis:
    """One name of the grid.

    Attributes:
        name: as given.
        decides: "model", "data", "seed", "optimizer", "batch_size", "schedule", "hyper" or
            "loss".
        labels: what stands on the result's coordinate.
        values: what is used, in the order of the labels.
    """

    name: str
    decides: str
    labels: tuple
    values: tuple


@dataclass(frozen=True)
class Member:
    """One model of the grid: its place, and its settings by what they decide."""

    place: tuple[int, ...]
    settings: Mapping[str, Mapping[str, object]]  # decides -> name -> value

    def of(self, decides: str) -> Mapping[str, object]:
        """The settings that decide one thing, by name."""
        return self.settings.get(decides, {})

    @property
    def seed(self) -> int:
        """Of the initial parameters and the order of the samples."""
        return self.of("seed").get("seed", 0)


def axes_of(
    grid: Mapping[str, Sequence | Mapping],
    *,
    make_model: Callable,
    sources: Sequence,
    loss_fn: Callable,
    optimizer: str,
) -> list[Axis]:
    """The axes of `grid`, each with what it decides.

    Raises:
        ValueError: a name is unknown or claimed twice, or it has no value or one value twice. The
            message lists what is known.
    """
    known = known_names(make_model, sources, loss_fn, _optimizers(grid, optimizer))
    axes = []
    for name, values in grid.items():
        claims = [decides for decides, names in known.items() if name in names]
        if len(claims) != 1:
            raise ValueError(_complaint(name, claims, known))
        labels, values = _labelled(name, values)
        axes.append(Axis(name, claims[0], labels, values))
    return axes


def members_of(axes: Sequence[Axis]) -> list[Member]:
    """Every member of the grid, the last axis running fastest."""
    members = []
    for place in product(*(range(len(axis.values)) for axis in axes)):
        settings: dict[str, dict] = {}
        for axis, position in zip(axes, place, strict=True):
            settings.setdefault(axis.decides, {})[axis.name] = axis.values[position]
        members.append(Member(place, settings))
    return members


def known_names(
    make_model: Callable, sources: Sequence, loss_fn: Callable, optimizers: Sequence[str]
) -> dict[str, list[str]]:
    """Which names a grid may have, by what they decide."""
    data = [name for source in sources if callable(source) for name in arguments(source)]
    shared = [
        name for name in DEFAULTS[optimizers[0]] if all(name in DEFAULTS[o] for o in optimizers)
    ]
    return {
        "model": [name for name in arguments(make_model) if name != "seed"],
        "data": [name for name in dict.fromkeys(data) if name != "seed"],
        "seed": ["seed"],
        "optimizer": ["optimizer"],
        "batch_size": ["batch_size"],
        "schedule": ["schedule"],
        "hyper": [*shared, CLIP],
        "loss": arguments(loss_fn)[2:],
    }


def arguments(function: Callable) -> list[str]:
    """Names of the arguments that `function` can be given by name, as far as they are known."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except ValueError:  # some functions written in C have no signature
        return []
    return [p.name for p in parameters if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]


def _optimizers(grid: Mapping, optimizer: str) -> list[str]:
    names = list(grid.get("optimizer", [optimizer]))
    for name in names:
        if name not in OPTIMIZERS:
            raise ValueError(f"no optimizer is called {name!r}; there are {', '.join(OPTIMIZERS)}")
    return names or [optimizer]


def _labelled(name: str, values: Sequence | Mapping) -> tuple[tuple, tuple]:
    labels = tuple(values if isinstance(values, Mapping) else map(_label, values))
    if not labels:
        raise ValueError(f"the grid has no value for {name!r}")
    if len(set(labels)) < len(labels):
        raise ValueError(f"the grid has a value of {name!r} twice: {list(labels)}")
    return labels, tuple(values.values() if isinstance(values, Mapping) else values)


def _label(value: object) -> object:
    """Numbers, words and so on as they are, classes and functions by name."""
    if value is None:
        return "none"
    return getattr(value, "__name__", value)


def _complaint(name: str, claims: list[str], known: Mapping[str, Sequence[str]]) -> str:
    listed = "; ".join(f"{key}: {', '.join(names)}" for key, names in known.items() if names)
    if claims:
        return f"{name!r} decides {' and '.join(claims)}, which is not clear. Known are {listed}"
    return f"the grid has an unknown name {name!r}. Known are {listed}"
