import pytest

from dlbook.explore import Choice, LogSlider, Play, Predict, Slider, Steps, Subset, Toggle


def test_slider_of_integers_keeps_integers():
    control = Slider(0, 14, value=3)
    assert control.positions == tuple(range(15))
    assert all(isinstance(value, int) for value in control.positions)
    assert control.default_index == 3


def test_slider_of_floats_has_no_rounding_noise():
    assert Slider(0.0, 1.0, step=0.1, value=0.3).positions == tuple(i / 10 for i in range(11))


def test_float_steps_meet_zero_and_the_default_exactly():
    control = Slider(-0.3, 0.3, step=0.1, value=0.0)
    assert control.positions == (-0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3)
    assert control.default_index == 3


def test_log_slider_has_natural_values_and_none_first():
    control = LogSlider(1e-8, 1e2, value=None, none=True)
    assert control.positions == (None, *(10.0**k for k in range(-8, 3)))
    assert control.texts[:2] == ("none", "10⁻⁸")


def test_log_slider_with_several_positions_per_decade():
    values = LogSlider(0.01, 1.0, value=1.0, per_decade=2).positions
    assert values == pytest.approx((0.01, 0.0316227766, 0.1, 0.316227766, 1.0))


def test_steps_are_a_slider_over_the_listed_values():
    control = Steps([1, 3, 10, 0.5], value=10)
    assert control.positions == (1, 3, 10, 0.5)
    assert (control.kind, control.default_index) == ("range", 2)
    with pytest.raises(ValueError, match="at least two"):
        Steps([1], value=1)


def test_texts_are_for_people():
    assert Slider(-1, 1, value=0).texts == ("−1", "0", "1")
    assert Choice([1000, 20000], value=1000).texts == ("1\u202f000", "20\u202f000")
    assert Choice([2.5e-7, 1.0], value=1.0).texts[0] == "2.5·10⁻⁷"
    assert LogSlider(1e3, 1e5, value=1e4).texts == ("1000", "10⁴", "10⁵")
    assert Choice([12345.0, -2.5e-7], value=12345.0).texts == ("12\u202f345", "−2.5·10⁻⁷")


def test_choice_with_words():
    control = Choice({"small": 3, "large": 30}, value=30)
    assert (control.positions, control.texts, control.default_index) == (
        (3, 30),
        ("small", "large"),
        1,
    )


def test_toggle_is_not_confused_with_numbers():
    control = Toggle(value=True)
    assert control.default_index == 1
    with pytest.raises(ValueError, match="1 is not one of its values"):
        control.index(1)


def test_play_is_a_slider_with_an_interval():
    assert Play(0, 5, value=0, interval=0.5).interval == 0.5


@pytest.mark.parametrize(
    "make",
    [
        lambda: Slider(3, 1, value=2),
        lambda: Slider(0, 1, step=0.3, value=0),
        lambda: LogSlider(0, 1, value=1),
        lambda: LogSlider(1, 20, value=1),
        lambda: Choice(["only"], value="only"),
        lambda: Play(0, 5, value=0, interval=0),
        lambda: Predict("?", ["a", "b"], answer="c"),
    ],
)
def test_impossible_controls_are_refused(make):
    with pytest.raises(ValueError):  # noqa: PT011 - each has its own sentence
        make()


def test_a_subset_has_a_bit_for_each_member():
    control = Subset(["a", "b", "c"], value=5)
    assert control.positions == tuple(range(8))
    assert control.texts[5] == "a, c"
    assert control.texts[0] == "none"
    assert control.addresses[control.default_index] == "5"
    with pytest.raises(ValueError, match="8 is not one of its values"):
        control.index(8)
