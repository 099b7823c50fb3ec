"""A training explorer for the page: its words, its figure, and the programs of its experiment."""

import zlib

from dlbook.compile.stages import StagePrograms, stage_programs
from dlbook.explore.arrays import plain
from dlbook.explore.explorer import ExplorerError
from dlbook.explore.pack import packed_words, to_json
from dlbook.explore.table import MIME
from dlbook.explore.training_explorer import MAX_CURVE, Picture, TrainingExplorer


def bundle(explorer: TrainingExplorer) -> dict:
    """The output of a cell in the book build: the compiled explorer and a line of text."""
    return {MIME: packed_training(explorer), "text/plain": f"Training explorer {explorer.name}"}


def packed_training(explorer: TrainingExplorer) -> dict:
    """The explorer as JSON-ready data; `programs` are JavaScript expressions, each only once.

    Raises `CannotCompile` where a function of the experiment has no program.
    """
    controls = explorer.controls
    choices = {name: controls[name].positions for name in explorer.experiment.structure}
    stages = stage_programs(explorer.experiment, choices)
    codes = list(
        dict.fromkeys(p.javascript for stage in stages.values() for p in stage.programs.values())
    )
    figure = to_json(plain(explorer.figure()))
    return packed_words(explorer) | {
        "version": f"{zlib.crc32(''.join(codes).encode()):08x}",
        "figure": figure,
        "run": {
            "stages": {name: _stage(explorer, s, codes) for name, s in stages.items()},
            "sizes": list(explorer.experiment.sizes),
            "ints": list(explorer.experiment.ints),
            "numbers": list(explorer.experiment.numbers),
            "live": list(explorer.experiment.live),
            "slots": _slots(explorer),
            "curves": _curves(explorer),
            "longest": MAX_CURVE,
            "status": explorer.views.status,
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


def _slots(explorer: TrainingExplorer) -> list[dict]:
    """Where an output of the view goes: the path of the leaf, and the columns of a matrix."""
    outputs = explorer.run().view()
    slots = []
    for slot, output in explorer.views.slots.items():
        trace, attribute = slot.split("/")
        shape = outputs[output].shape
        path = ["data", _number(explorer, trace), *attribute.split(".")]
        columns = shape[1] if len(shape) == 2 else None
        slots.append({"path": path, "output": output, "columns": columns})
    return slots


def _curves(explorer: TrainingExplorer) -> list[dict]:
    return [
        {"trace": _number(explorer, trace), "output": output}
        for trace, output in explorer.views.curves.items()
    ]


def _number(explorer: TrainingExplorer, trace: str) -> int:
    """The number of the trace of that name."""
    names = [t.name for t in Picture(explorer).figure.data]
    if names.count(trace) != 1:
        raise ExplorerError(
            f"explorer {explorer.name}: there must be one trace called {trace!r}; the figure has "
            f"{', '.join(map(str, names))}"
        )
    return names.index(trace)
