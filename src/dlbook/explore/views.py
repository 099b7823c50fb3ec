"""What a training explorer shows, and where in its figure the reader can reach into the run."""

import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from plotly.graph_objects import Figure

from dlbook.explore.controls import Control


@dataclass(frozen=True)
class Views:
    """How the outputs of an experiment's `view` become a figure and a sentence.

    Args:
        figure: makes the figure, once; its traces have names, and its axes fixed ranges.
        slots: "trace name/attribute" -> output; the attribute is z, x, y, marker.size ... or
            text, which shows the numbers as they are: let the view round them.
        curves: trace name -> output, a number: the trace shows it over the steps of the run.
        status: a sentence with outputs, `num_steps` and `loss` in braces, e.g.
            "Step {num_steps:,}: loss {loss:.3f}, accuracy {accuracy:.1%}".
        status_where: output -> the sentence that stands instead where that output is above 0.
    """

    figure: Callable[[], Figure]
    slots: Mapping[str, str]
    curves: Mapping[str, str]
    status: str
    status_where: Mapping[str, str] = field(default_factory=dict)

    def fields(self) -> list[tuple[str, str]]:
        """Name and format of every brace in the sentences."""
        sentences = [self.status, *self.status_where.values()]
        parsed = (piece for words in sentences for piece in string.Formatter().parse(words))
        return [(name, spec) for _, name, spec, _ in parsed if name]


@dataclass(frozen=True)
class PointsPanel:
    """The panel into which readers put points of their own, that of the axes x and y.

    Args:
        classes: names of the labels 0, 1, ...
        limit: coordinates are in [−limit, limit].
        stroke: in a page a drag adds a point wherever it has gone so far; 0: it moves a point.
    """

    classes: tuple[str, ...]
    limit: float
    stroke: float = 0.0


@dataclass(frozen=True)
class WeightsPanel:
    """The lines of a drawn network, whose weights readers may set: those of an `mlp`.

    Args:
        inputs: names of the inputs of the first layer.
        given: the setting whose bits say which inputs the network gets.
        entries: of each line the affine map, row and column of its weight.
        ends: of each line x and y of its start and of its end, (lines, 4).
        traces: names of the traces that draw the lines, three coordinates each.
        picked: name of the trace that marks the line that was picked; its panel is the lines'.
    """

    inputs: Sequence[str]
    given: str
    entries: Sequence[tuple[int, int, int]]
    ends: Sequence[Sequence[float]]
    traces: Sequence[str]
    picked: str


@dataclass(frozen=True)
class TilesPanel:
    """Places in the figure that choose a value of a setting: for a moment under the pointer, for
    good with a click.

    Args:
        setting: a number that may change while a run goes on.
        trace: name of the heat map that shows the tiles.
        places: value -> x and y of the middle of its tile.
        half: half the width and half the height of a tile.
    """

    setting: str
    trace: str
    places: Mapping[object, tuple[float, float]]
    half: tuple[float, float]

    def at(self, x: float, y: float) -> object | None:
        """The value whose tile is at a place."""
        for value, (middle_x, middle_y) in self.places.items():
            if abs(x - middle_x) <= self.half[0] and abs(y - middle_y) <= self.half[1]:
                return value
        return None


@dataclass(frozen=True)
class Need:
    """A control that is shown only where another setting has one of some values."""

    setting: str
    values: Sequence

    def is_met(self, settings: Mapping) -> bool:
        """Whether the control is shown at these settings."""
        return settings[self.setting] in self.values

    def addresses(self, control: Control) -> list[str]:
        """The values that `control`, that of the setting, has, as they stand in the address."""
        pairs = zip(control.positions, control.addresses, strict=True)
        return [address for value, address in pairs if value in self.values]
