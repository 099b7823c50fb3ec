"""A training explorer for the page: its words, its figure, and the programs of its experiment."""

import zlib

from dlbook.compile.stages import StagePrograms, stage_programs
from dlbook.explore.arrays import plain
from dlbook.explore.explorer import ExplorerError
from dlbook.explore.pack import packed_words, to_json
from dlbook.explore.picture import MAX_CURVE, Picture
from dlbook.explore.table import MIME
from dlbook.explore.training_explorer import TrainingExplorer


def bundle(explorer: TrainingExplorer) -> dict:
    """The output of a cell in the book build: the compiled explorer and a line of text."""
    return {MIME: packed_training(explorer), "text/plain": f"Training explorer {explorer.name}"}


def packed_training(explorer: TrainingExplorer) -> dict:
    """The explorer as JSON-ready data; `programs` are JavaScript expressions, each only once.

    Raises `CannotCompile` where a function of the experiment has no program.
    """
    controls, experiment, views = explorer.controls, explorer.experiment, explorer.views
    figure = plain(explorer.figure())
    numbers = _numbered(explorer, figure)
    choices = {name: controls[name].positions for name in experiment.structure}
    stages = stage_programs(experiment, choices)
    codes = list(
        dict.fromkeys(p.javascript for stage in stages.values() for p in stage.programs.values())
    )
    return packed_words(explorer) | {
        "version": f"{zlib.crc32(''.join(codes).encode()):08x}",
        "figure": to_json(figure),
        "run": {
            "stages": {name: _stage(explorer, s, codes) for name, s in stages.items()},
            "sizes": list(experiment.sizes),
            "ints": list(experiment.ints),
            "numbers": list(experiment.numbers),
            "live": list(experiment.live),
            "slots": _slots(explorer, numbers),
            "curves": [
                {"trace": numbers[trace], "output": output}
                for trace, output in views.curves.items()
            ],
            "longest": MAX_CURVE,
            "lastStep": Picture(explorer).last_step,
            "status": views.status,
            "statusWhere": dict(views.status_where),
            "speed": explorer.speed,
            "folded": list(explorer.folded),
            "atHand": list(explorer.at_hand),
            "needs": {
                setting: [need.setting, need.addresses(controls[need.setting])]
                for setting, need in explorer.needs.items()
            },
            "points": _points(explorer),
            "weights": _weights(explorer, numbers),
            "tiles": _tiles(explorer, figure),
            "code": _code(explorer),
        },
        "programs": codes,
    }


def _stage(explorer: TrainingExplorer, stage: StagePrograms, codes: list[str]) -> dict:
    """Which settings choose the program of a stage, and the number of each choice's program."""
    controls = [explorer.controls[name] for name in stage.chosen_by]
    return {
        "by": list(stage.chosen_by),
        "programs": {
            " ".join(c.addresses[c.index(v)] for c, v in zip(controls, values, strict=True)):
                codes.index(program.javascript)
            for values, program in stage.programs.items()
        },
    }  # fmt: skip


def _slots(explorer: TrainingExplorer, numbers: dict[str, int]) -> list[dict]:
    """Where an output of the view goes: the path of the leaf, and the columns of a matrix."""
    outputs = explorer.run().view()
    slots = []
    for slot, output in explorer.views.slots.items():
        trace, attribute = slot.split("/")
        shape = outputs[output].shape
        path = ["data", numbers[trace], *attribute.split(".")]
        columns = shape[1] if len(shape) == 2 else None
        slots.append({"path": path, "output": output, "columns": columns})
    return slots


def _numbered(explorer: TrainingExplorer, figure: dict) -> dict[str, int]:
    """The number of every trace that the views name."""
    names = [trace.get("name") for trace in figure["data"]]
    used = [slot.split("/")[0] for slot in explorer.views.slots] + list(explorer.views.curves)
    if explorer.weights:
        used += [*explorer.weights.traces, explorer.weights.picked]
    for name in used:
        if names.count(name) != 1:
            raise ExplorerError(
                f"explorer {explorer.name}: there must be one trace called {name!r}; the figure "
                f"has {', '.join(map(str, names))}"
            )
    return {name: names.index(name) for name in used}


def _points(explorer: TrainingExplorer) -> dict | None:
    """What the page needs to know of the reader's own points."""
    if explorer.panel is None:
        return None
    start = [point._asdict() for point in explorer.points]
    return vars(explorer.panel) | {"most": explorer.experiment.own_points, "start": start}


def _weights(explorer: TrainingExplorer, numbers: dict[str, int]) -> dict | None:
    """What the page needs to know of weights that are set by hand."""
    panel = explorer.weights
    if panel is None:
        return None
    lines = [[*entry, *ends] for entry, ends in zip(panel.entries, panel.ends, strict=True)]
    return {
        "inputs": list(panel.inputs),
        "given": panel.given,
        "lines": [[round(float(number), 4) for number in line] for line in lines],
        "traces": [numbers[name] for name in panel.traces],
        "picked": numbers[panel.picked],
        "start": [list(edit) for edit in explorer.edits],
    }


def _tiles(explorer: TrainingExplorer, figure: dict) -> dict | None:
    """What the page needs to know of places that choose a value: places by the value's position."""
    tiles = explorer.tiles
    if tiles is None:
        return None
    control = explorer.controls[tiles.setting]
    names = [trace.get("name") for trace in figure["data"]]
    number = names.index(tiles.trace)
    return {
        "setting": tiles.setting,
        "trace": number,
        "panel": figure["data"][number].get("xaxis", "x")[1:],
        "places": [[control.index(value), *place] for value, place in tiles.places.items()],
        "half": list(tiles.half),
    }


def _code(explorer: TrainingExplorer) -> dict | None:
    """The lines for a notebook, and every value of a setting as Python writes it."""
    if explorer.code is None:
        return None
    literals = {name: [repr(v) for v in c.positions] for name, c in explorer.controls.items()}
    return {"text": explorer.code, "literals": literals}
