import pytest
from curves import wave, wave_explorer

from dlbook.explore import Choice, Explorer, ExplorerError, Slider
from dlbook.explore.visit import visit
from dlbook.plots.theme import new_figure, with_status

WORDS = {"caption": "c", "alt": "a"}


def test_figure_at_given_and_default_settings():
    explorer = wave_explorer()
    assert explorer.figure(phase=2).layout.meta["status"] == "phase 2, height 1.0"
    assert explorer.name == "wave"
    assert explorer.shape == (4, 3, 2)
    assert len(list(explorer.grid())) == 24
    assert explorer.settings(height=1)["height"] == 1.0
    assert isinstance(explorer.settings(phase=2.0)["phase"], int)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"phase": 9}, r"wave: phase: 9 is not one of its values: 0, 1, 2, 3"),
        ({"speed": 1}, r"wave: no setting 'speed'; it has phase, height, filled"),
        ({"phase": "2"}, r"wave: phase: '2' is not one"),
    ],
)
def test_bad_settings_name_the_setting_the_value_and_what_is_allowed(given, message):
    with pytest.raises(ValueError, match=message):
        wave_explorer().figure(**given)


@pytest.mark.parametrize(
    ("controls", "message"),
    [
        ({"speed": Slider(0, 1, value=0)}, "explorer wave: unknown setting 'speed'"),
        ({"phase": Slider(0, 3, value=7)}, "explorer wave: setting 'phase': default 7"),
        ({"phase": 3}, "explorer wave: setting 'phase': 3 is not a control"),
        ({"phase": Slider(0, 300, value=1)}, "1806 positions; at most 1,000"),
        ({"phase": Choice({"a": len, "b": max}, value=len)}, "'phase': <built-in function len> is"),
        ({"phase": Choice({"a": 1, "b": 1}, value=1)}, "'phase' has two equal values: 1, 1"),
    ],
)
def test_mistakes_of_the_author_name_explorer_and_setting(controls, message):
    with pytest.raises(ExplorerError, match=message):
        wave_explorer(**controls)


def test_a_setting_without_control_is_refused():
    with pytest.raises(ExplorerError, match=r"setting 'b' of .* has no control"):
        Explorer(lambda a, b: None, name="x", a=Slider(0, 1, value=0), **WORDS)


def test_words_for_readers_who_cannot_see_are_required():
    with pytest.raises(ExplorerError, match="explorer wave: alt is empty"):
        Explorer(wave, caption="c", alt=" ", phase=Slider(0, 3, value=0))


def broken(kind):
    calls = []

    def figure(level: int):
        plain = wave(phase=level)
        if kind == "raises inside" and level == 2:
            raise ZeroDivisionError("inside")
        if kind == "traces" and level == 2:
            plain.data = plain.data[:1]
        if kind == "nan":
            plain.data[0].y = [float("nan"), 1.0]
        if kind == "infinite":
            plain.data[0].y = [float("inf"), 1.0]
        if kind == "layout":
            plain.update_yaxes(range=[-level - 1, 2])
        if kind == "hardly moves":
            plain = with_status(
                new_figure(x_title="x", y_title="y", x_range=(0, 1), y_range=(0, 1)), "s"
            )
            plain.add_scatter(x=[0.5], y=[0.5 + level / 1000])
        if kind == "only on hover":
            plain = wave(phase=1).update_traces(customdata=[level], hovertext=[f"{level}"])
        if kind == "half a range":
            plain.update_yaxes(range=[0, None])
        if kind == "impure":
            calls.append(level)
            plain.data[0].y = [0.1 * len(calls), level]
        if kind == "no status":
            plain.layout.meta = None
        return plain

    return Explorer(figure, name="broken", level=Slider(0, 3, value=1), **WORDS)


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("traces", r"broken at level=2: traces \['scatter'\], but \['scatter', 'scatter'\]"),
        ("nan", r"broken at level=0: data.0.y has NaN; declare it with gaps=True"),
        ("infinite", r"broken at level=0: data.0.y is infinite"),
        ("layout", r"setting 'level' changes layout.yaxis.range; the layout must not move"),
        ("hardly moves", r"setting 'level' hardly moves the figure at the default"),
        ("only on hover", r"setting 'level' hardly moves the figure at the default"),
        ("half a range", r"layout.yaxis.range needs two ends, not \[0, None\]"),
        ("impure", r"two calls at the default settings differ in data.0.y; .* pure"),
        ("no status", r"broken at level=0: the figure has no status"),
    ],
)
def test_a_visit_of_all_positions_finds_mistakes(kind, message):
    with pytest.raises(ExplorerError, match=message):
        visit(broken(kind), "all")


def test_ends_do_not_see_an_inner_position_and_all_does():
    explorer = broken("raises inside")
    assert visit(explorer, "ends") == 3
    with pytest.raises(ZeroDivisionError):
        visit(explorer, "all")


def test_visit_counts_positions_and_refuses_other_modes():
    assert visit(wave_explorer(), "all") == 24
    assert visit(wave_explorer(), "ends") == 7
    assert visit(wave_explorer(), "off") == 0
    with pytest.raises(ValueError, match="one of off, ends, all, not 'some'"):
        visit(wave_explorer(), "some")
