"""The declaration of a training explorer, its picture, its visits and its packing."""

from dataclasses import replace

import numpy as np
import pytest
from plotly.graph_objects import Figure

from dlbook.explore import (
    Choice,
    ExplorerError,
    LogSlider,
    Need,
    PointsPanel,
    Slider,
    TrainingExplorer,
    Views,
)
from dlbook.explore.loss_surface import loss_surface
from dlbook.explore.perceptron_training import perceptron_training
from dlbook.explore.picture import MAX_CURVE, Curve, Picture, diverged, sentence, shown
from dlbook.explore.playground import CONTROLS, playground
from dlbook.explore.side_by_side import side_by_side
from dlbook.explore.training_pack import packed_training
from dlbook.explore.visit import visit_training
from dlbook.figures import loss_surface as surface
from dlbook.figures import playground as pg
from dlbook.figures import side_by_side as six
from dlbook.figures.playground_points import LIMIT
from dlbook.figures.playground_view import figure

VIEWS = Views(figure, pg.SLOTS, pg.CURVES, pg.STATUS, pg.STATUS_WHERE)


def declared(views=VIEWS, **changes) -> TrainingExplorer:
    controls = CONTROLS | {
        "data_set": Choice(["moons", "blobs"], value="moons"),
        "noise": Slider(0.0, 0.2, value=0.1, step=0.1),
        "depth": Slider(1, 2, value=1),
        **{name: Slider(2, 4, value=3) for name in pg.WIDTHS},
        "activation": Choice(["tanh", "ReLU"], value="tanh"),
        "optimizer": Choice(["sgd", "adam"], value="sgd"),
        "lr": LogSlider(1e-2, 1.0, value=0.1),
        "weight_decay": LogSlider(1e-3, 1e-1, value=None, none=True),
        "seed": Slider(0, 1, value=0),
    }
    given = {"name": "small", "caption": "c", "alt": "a"}
    given |= {"panel": PointsPanel(("a", "b"), LIMIT)}
    return TrainingExplorer(pg.PLAYGROUND, views, **(given | controls | changes))


def test_the_picture_shows_the_run():
    explorer = declared()
    run, picture = explorer.run(), Picture(explorer)
    picture.take(run)
    assert picture.traces["training loss"].x == ()
    run.step(10)
    picture.take(run)
    np.testing.assert_array_equal(picture.traces["map"].z, run.view()["map"])
    assert picture.traces["training loss"].x == (10,)
    assert picture.figure.layout.meta["status"].startswith("Step 10: training loss")


def test_a_run_pauses_where_the_axis_of_its_curves_ends():
    explorer = declared()
    picture = Picture(explorer)
    axis = next(a for a in picture.figure.select_xaxes() if a.type == "log")
    assert (
        picture.last_step
        == round(10 ** axis.range[1])
        == packed_training(explorer)["run"]["lastStep"]
    )
    axis.update(type="linear", range=[0, 7])
    linear = declared(replace(VIEWS, figure=lambda: picture.figure))
    assert Picture(linear).last_step == 7
    axis.range = None
    assert Picture(linear).last_step is None
    assert Picture(declared(replace(VIEWS, curves={}))).last_step is None


def test_the_preview_is_trained():
    explorer = declared()
    explorer.preview = 100
    figure = explorer.figure()
    assert isinstance(figure, Figure)
    assert figure.layout.meta["status"].startswith("Step 100:")
    (losses,) = figure.select_traces({"name": "training loss"})
    assert losses.x[-1] == 100
    assert losses.y[-1] < losses.y[0]


def test_numbers_of_a_status_may_have_separators():
    views = Views(VIEWS.figure, VIEWS.slots, VIEWS.curves, "{accuracy:.1f} at {num_steps:,.0f}")
    assert sentence(views, {"num_steps": 1234, "loss": 0.5, "accuracy": 0.25}) == "0.2 at 1,234"
    assert declared(views).views is views


def test_speeds_are_known():
    with pytest.raises(ExplorerError, match="must be one of slow, single, even, full"):
        declared(speed="fast")


def test_the_preview_ends_with_the_run():
    explorer = perceptron_training()
    explorer.preview = 10_000
    assert "the run is over" in explorer.figure().layout.meta["status"]


def test_a_curve_keeps_within_its_length():
    curve = Curve()
    for step in range(3 * MAX_CURVE):
        curve.add(step, float(step))
    assert len(curve.x) <= MAX_CURVE
    assert curve.x == curve.y


def test_numbers_become_texts_as_in_the_page():
    values = np.array([98.0, 61.5], dtype=np.float32)
    assert shown("text", values) == ["98", "61.5"]
    assert shown("z", values) is values


def test_divergence_is_said_and_the_last_picture_stays():
    explorer = declared()
    run, picture = explorer.run(), Picture(explorer)
    run.step(3)
    picture.take(run)
    before = picture.traces["map"].z.copy()
    run.tensors["params"]["0.weight"].fill_(float("nan"))
    run.step(4)
    picture.take(run)
    np.testing.assert_array_equal(picture.traces["map"].z, before)
    assert picture.figure.layout.meta["status"] == diverged(4, 3)
    assert diverged(1234, 1200).startswith("Diverged at step 1,234:")
    assert "those of step 1,200" in diverged(1234, 1200)


def test_a_regression_has_a_sentence_of_its_own():
    views = Views(figure, {}, {}, "{a:.1f} right", {"b": "{a:.1f} off", "c": "never"})
    assert sentence(views, {"a": 2.0, "b": 0.0, "c": 0.0}) == "2.0 right"
    assert sentence(views, {"a": 2.0, "b": 1.0, "c": 0.0}) == "2.0 off"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"depht": Slider(1, 2, value=1)}, "unknown setting 'depht'"),
        ({"width_1": Slider(2, 4, value=9)}, "setting 'width_1': default 9"),
        (
            {"views": Views(figure, pg.SLOTS, {}, "{loss:>9}")},
            "format that the page can't write",
        ),
    ],
    ids=["unknown", "out of range", "format"],
)
def test_mistakes_name_the_explorer_and_the_setting(changes, message):
    with pytest.raises(ExplorerError, match=message) as error:
        declared(**changes)
    assert "small" in str(error.value)


def test_a_setting_without_control_is_an_error():
    with pytest.raises(ExplorerError, match="'seed' of the experiment has no control"):
        TrainingExplorer(
            pg.PLAYGROUND,
            VIEWS,
            name="small",
            caption="c",
            alt="a",
            **{k: v for k, v in declared().controls.items() if k != "seed"},
        )


def test_the_playground_starts_where_one_wants():
    explorer = playground(start={"lr": 1.0, "show_test": True}, points=[(0.5, 0.25, 1)])
    assert explorer.settings()["lr"] == 1.0
    assert explorer.run().tensors["batch"]["used"].sum() == 201
    edited = playground(weights=[(0, "0.bias", 2, 0, -1.5)])
    assert edited.run().tensors["params"]["0.bias"][2] == -1.5
    with pytest.raises(ValueError, match="no setting 'lrr'; there are data_set"):
        playground(start={"lrr": 1.0})
    with pytest.raises(ExplorerError, match="'lr': default 7"):
        playground(start={"lr": 7})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"panel": None}, "it needs a panel for points"),
        ({"folded": ["lrr"]}, "folded: there is no control 'lrr'"),
        ({"at_hand": ["lrr"]}, "at hand: there is no control 'lrr'"),
        ({"needs": {"lr": Need("depht", [1])}}, "needs of: there is no control 'depht'"),
        ({"code": "playground"}, "must end in"),
    ],
    ids=["panel", "folded", "at hand", "needs", "code"],
)
def test_mistakes_of_what_surrounds_it_are_told(changes, message):
    with pytest.raises(ExplorerError, match=message):
        declared(**changes)


def test_visits_train_at_both_ends_of_every_control():
    assert visit_training(declared(), "off") == 0
    assert visit_training(declared(), "ends") == 1 + 2 * len(declared().controls)


def test_a_visit_tells_of_a_run_without_a_loss():
    explorer = declared(lr=Choice([0.1, 3e38], value=0.1))
    with pytest.raises(ExplorerError, match="no finite loss"):
        visit_training(explorer, "ends")


def test_an_output_that_is_not_there_is_named():
    views = Views(figure, {"map/z": "mapp"}, pg.CURVES, pg.STATUS)
    one = {"data_set": Choice(["moons", "blobs"], value="moons")}
    with pytest.raises(
        ExplorerError, match="explorer small: the views name output 'mapp'; there is tiles"
    ):
        packed_training(declared(views=views, **one))


def test_a_trace_that_is_not_there_is_named():
    views = Views(figure, {}, {"training los": "training_loss"}, pg.STATUS)
    with pytest.raises(ExplorerError, match="the views name trace 'training los'"):
        visit_training(declared(views=views), "ends")


def test_equal_programs_are_packed_once():
    packed = packed_training(declared())
    stages = packed["run"]["stages"]
    assert len(packed["programs"]) == len(set(packed["programs"]))
    assert stages["data"]["by"] == ["data_set"]
    assert set(stages["step"]["programs"]) == {
        f"{optimizer} {depth} {activation}"
        for depth in (1, 2)
        for activation in ("tanh", "ReLU")
        for optimizer in ("sgd", "adam")
    }
    assert packed["run"]["live"][:2] == ["lr", "weight_decay"]
    assert "noise" not in packed["run"]["live"]


@pytest.mark.parametrize(
    ("controls", "defaults"),
    [
        (playground().controls, pg.DEFAULTS),
        (side_by_side().controls, six.DEFAULTS),
        (loss_surface().controls, surface.DEFAULTS),
    ],
    ids=["playground", "side by side", "loss surface"],
)
def test_claims_and_controls_have_the_same_defaults(controls, defaults):
    """Notebooks train at the defaults of the figures; a reader sees those of the controls."""
    shown = {name: control.default or 0 for name, control in controls.items()}
    assert shown == {name: value or 0 for name, value in defaults.items()}
