import base64
import zlib

import numpy as np
import pytest
from curves import wave_explorer

from dlbook.explore import Explorer, Slider
from dlbook.explore.arrays import flatten, plain
from dlbook.explore.pack import packed, to_json
from dlbook.explore.table import compute_table
from dlbook.plots import with_status
from dlbook.plots.theme import new_figure


def unpacked(explorer: dict) -> dict:
    """path -> values at all positions: the page's unpack.js, said in NumPy."""
    data = zlib.decompress(base64.b64decode(explorer["data"]))
    return {tuple(field["path"]): _values(field, data) for field in explorer["fields"]}


def _values(field: dict, data: bytes) -> list:
    if "words" in field:
        return [field["words"][i] for i in field["index"]]
    dtype, count = np.dtype(field["type"]), field["count"]
    raw = np.frombuffer(data, np.uint8, count * dtype.itemsize, field["offset"])
    codes = np.ascontiguousarray(raw.reshape(dtype.itemsize, count).T).view(dtype).ravel()
    if field["predictor"] == "item":
        codes = np.cumsum(codes, dtype=dtype)
    if field["predictor"] == "position":
        codes = np.cumsum(
            codes.reshape(-1, int(np.prod(field["item"]))), axis=0, dtype=dtype
        ).ravel()
    if field["type"] != "float32":
        codes = field["low"] + field["scale"] * codes
    if "items" in field:
        ends = np.cumsum([np.prod(shape, dtype=int) for shape in field["items"]])
        pieces = np.split(codes, ends[:-1])
        return [p.reshape(shape) for p, shape in zip(pieces, field["items"], strict=True)]
    return list(codes.reshape(-1, *field["item"]))


def assert_round_trip(explorer: Explorer, tolerance: float):
    table = compute_table(explorer)
    found = unpacked(packed(explorer, table))
    for settings in explorer.grid():
        index = [c.index(settings[n]) for n, c in explorer.controls.items()]
        truth = flatten(plain(explorer.figure(**settings)))
        for field in table.fields:
            place = [i if n > 1 else 0 for i, n in zip(index, field.shape, strict=True)]
            value = found[field.path][np.ravel_multi_index(place, field.shape)]
            if isinstance(value, np.ndarray):
                assert value.shape == truth[field.path].shape
                assert value == pytest.approx(truth[field.path], abs=tolerance)
            else:
                assert value == to_json(truth[field.path])


def test_every_position_comes_back():
    assert_round_trip(wave_explorer(), tolerance=4 / 8000)


def test_fields_depend_only_on_their_controls():
    fields = {field.path: field.shape for field in compute_table(wave_explorer()).fields}
    assert fields[("data", 0, "y")] == (4, 3, 1)
    assert fields[("data", 1, "marker", "color")] == (1, 1, 2)
    assert ("data", 0, "x") not in fields


def test_effects_know_where_a_control_does_nothing():
    effects = compute_table(wave_explorer()).effects
    assert effects["phase"].shape == (1, 3, 2)
    assert not effects["phase"][0, 0].any()  # at height 0
    assert effects["phase"][0, 1:].all()
    assert effects["filled"].all()


def growing(size: int, seed: int):
    figure = new_figure(x_title="x", y_title="y", x_range=(0, 9), y_range=(0, 9))
    figure.add_scatter(x=np.arange(size), y=(np.arange(size) * (seed + 1)) % 7, mode="markers")
    z = np.add.outer(np.arange(6), np.arange(5)) / 9 * (seed + 1) / 3
    figure.add_heatmap(z=z, zmin=0, zmax=1)
    return with_status(figure, f"{size} points")


def test_arrays_of_changing_length_and_heat_maps_come_back():
    explorer = Explorer(
        growing, caption="c", alt="a", size=Slider(2, 8, value=4), seed=Slider(0, 2, value=0)
    )
    assert_round_trip(explorer, tolerance=1 / 255)


def explorer_of(function, **options) -> Explorer:
    return Explorer(function, caption="c", alt="a", k=Slider(0, 3, value=0), **options)


def empty(**layout):
    figure = new_figure(x_title="x", y_title="y", x_range=(0, 9), y_range=(0, 9))
    return with_status(figure.update_layout(**layout), "s")


def uneven(k: int):
    words, colors = ["a", "b", "c"][:k], ["#112233", "#445566", "#778899"][:k]
    figure = empty().add_heatmap(z=np.arange(3 * (k + 2)).reshape(k + 2, 3) / 7, zmin=0, zmax=3)
    return figure.add_scatter(x=[1, 2, 3][:k], y=[k] * k, text=words, marker={"color": colors})


def test_heat_maps_of_changing_shape_and_words_that_are_sometimes_none_come_back():
    assert_round_trip(explorer_of(uneven), tolerance=3 / 510)


def sometimes(k: int):
    figure = empty().add_scatter(x=[k + 1], y=[2])
    return figure.update_traces(marker={"color": "#112233", "size": [k]}) if k > 1 else figure


def test_a_leaf_may_be_missing_at_the_default_settings():
    explorer = packed(explorer_of(sometimes), compute_table(explorer_of(sometimes)))
    assert unpacked(explorer)[("data", 0, "marker", "size")] == [None, None, [2], [3]]


def with_outlier(k: int):
    z = np.linspace(0, 1, 36).reshape(6, 6) + k / 5
    z[0, 0] = 1e6
    return empty().add_heatmap(z=z, zmin=0, zmax=2)


def test_a_huge_cell_does_not_blur_the_colors_of_the_others():
    found = unpacked(packed(explorer_of(with_outlier), compute_table(explorer_of(with_outlier))))
    for k, z in enumerate(found[("data", 0, "z")]):
        assert z[1:] == pytest.approx(np.array(with_outlier(k).data[0].z)[1:], abs=2 / 510)


def surface(k: int):
    z = np.add.outer(np.linspace(0, 1, 9), np.linspace(0, k + 1, 9))
    return empty().add_surface(z=z)


def test_heights_of_surfaces_are_finer_than_colors():
    assert_round_trip(explorer_of(surface), tolerance=5 / 8000)


def exploding(k: int):
    return empty(yaxis={"type": "log", "range": [-1, 5]}).add_scatter(
        x=[0, 1], y=[1 + k, 10.0**300]
    )


def test_numbers_beyond_float32_stay_finite():
    (field,) = [
        values
        for path, values in unpacked(
            packed(explorer_of(exploding), compute_table(explorer_of(exploding)))
        ).items()
        if path[-1] == "y"
    ]
    assert np.isfinite(field).all()


def test_constant_numbers_keep_what_tells_them_apart():
    assert to_json(np.array([1_234_567.1, 1_234_567.2])) == [1_234_567.1, 1_234_567.2]
    assert to_json(np.array([1 / 3, 1e-9 / 3, np.nan])) == [0.333333, 3.33333e-10, None]


def test_json_has_no_nan_wherever_it_hides():
    content = {"a": [1.0, float("nan")], "b": ({"c": float("inf")},), "d": np.float32(0.5)}
    assert to_json(content) == {"a": [1.0, None], "b": [{"c": None}], "d": 0.5}


def test_new_data_have_a_new_version():
    one, same = (packed(e, compute_table(e)) for e in (wave_explorer(), wave_explorer()))
    other = wave_explorer(phase=Slider(0, 2, value=1))
    assert one["version"] == same["version"]
    assert one["version"] != packed(other, compute_table(other))["version"]


def steep(power: int):
    figure = new_figure(x_title="x", y_title="y", x_range=(0, 1), y_range=(0, 1))
    x = np.linspace(0, 3, 30)
    figure.add_scatter(x=x, y=x**power)
    return with_status(figure, f"{power}")


def test_what_leaves_the_axes_far_behind_is_not_quantised():
    """65,536 levels over 3^14 would be steps of 73 axis heights."""
    explorer = Explorer(steep, caption="c", alt="a", power=Slider(1, 14, value=2))
    field = packed(explorer, compute_table(explorer))["fields"][0]
    assert field["type"] == "float32"


def test_packing_is_deterministic():
    one, two = (packed(e, compute_table(e)) for e in (wave_explorer(), wave_explorer()))
    assert one == two


def test_changing_curves_are_small():
    explorer = wave_explorer(phase=Slider(0, 100, value=1))
    data = packed(explorer, compute_table(explorer))["data"]
    assert len(data) < 101 * 3 * 40 * 2  # half of what 606 float32 curves of 40 points take
