import base64
import struct
import xml.etree.ElementTree as ElementTree
import zlib

import numpy as np
import pytest
from curves import wave

from dlbook.explore.arrays import plain
from dlbook.explore.pack import to_json
from dlbook.page.picture import svg_picture
from dlbook.page.raster import png_data_uri, rgba
from dlbook.plots.theme import DECISION_SCALE, new_figure


def drawn(figure):
    return ElementTree.fromstring(svg_picture(to_json(plain(figure))))


def test_lines_and_markers_stand_where_their_data_say():
    figure = new_figure(x_title="time", y_title="y", x_range=(0, 10), y_range=(0, 4), height=360)
    figure.add_scatter(x=[0, 10], y=[0, 4], mode="lines+markers")
    svg = drawn(figure)
    dots = [(float(dot.get("cx")), float(dot.get("cy"))) for dot in svg.iter("circle")]
    assert dots == [(56, 316), (624, 16)]  # the corners of the plot area
    assert any("M56.0,316.0L624.0,16.0" in path.get("d") for path in svg.iter("path"))
    assert "time" in "".join(svg.itertext())


def test_gaps_break_a_line():
    figure = new_figure(x_title="x", y_title="y", x_range=(0, 3), y_range=(0, 1))
    figure.add_scatter(x=[0, 1, None, 2, 3], y=[0, 1, None, 1, 0], mode="lines")
    (path,) = [p.get("d") for p in drawn(figure).iter("path") if p.get("stroke-width")]
    assert path.count("M") == 2


def test_bars_and_words_are_drawn_and_escaped():
    figure = new_figure(x_title="a < b", y_title="y", x_range=(-0.5, 1.5), y_range=(0, 2))
    figure.add_bar(x=[0, 1], y=[1, 2])
    svg = drawn(figure)
    assert [float(bar.get("height")) for bar in svg.iter("rect")] == [160, 320]
    assert "a < b" in "".join(svg.itertext())


def test_words_stand_on_their_side_of_the_point():
    figure = new_figure(x_title="x", y_title="y", x_range=(0, 2), y_range=(0, 2))
    for position, text in (("middle left", "98"), ("top center", "0.5"), ("middle right", "%")):
        figure.add_scatter(x=[1], y=[1], mode="text", text=[text], textposition=position)
    words = {t.text: t.get("text-anchor") for t in drawn(figure).iter() if t.tag.endswith("text")}
    assert words.items() >= {"98": "end", "0.5": "middle", "%": "start"}.items()


def test_a_figure_names_its_ticks_or_hides_its_axes():
    figure = new_figure(x_title="x", y_title="y", x_range=(-1, 1), y_range=(0, 1))
    figure.update_xaxes(tickvals=[-1, 1], ticktext=["from", "to"])
    figure.add_scatter(x=[-1, 1], y=[0, 1])
    words = [text for text in drawn(figure).itertext() if text.strip()]
    assert {"from", "to"} <= set(words)
    assert "−0.5" not in words
    figure.update_layout(xaxis_visible=False, yaxis_visible=False)
    assert not [text for text in drawn(figure).itertext() if text.strip()]


def test_every_panel_of_a_figure_is_drawn():
    figure = wave()
    figure.update_layout(
        xaxis2={"domain": [0, 1], "range": [0, 6]},
        yaxis2={"domain": [0, 0.4], "range": [-1, 1]},
        yaxis_domain=[0.6, 1],
    )
    figure.add_scatter(x=[0, 6], y=[0, 0], xaxis="x2", yaxis="y2", mode="lines")
    assert len([s for s in drawn(figure).iter("svg") if s.get("x")]) == 2


def test_png_is_a_valid_image_of_the_cells():
    values = np.array([[0.0, 0.5], [1.0, np.nan]])
    uri = png_data_uri(values, {"colorscale": DECISION_SCALE, "zmin": 0, "zmax": 1})
    data = base64.b64decode(uri.removeprefix("data:image/png;base64,"))
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", data[16:24]) == (2, 2)
    length = struct.unpack(">I", data[33:37])[0]
    rows = zlib.decompress(data[41 : 41 + length])
    assert len(rows) == 2 * (1 + 2 * 4)
    assert rows[1:4] == bytes((43, 131, 186))
    assert rows[-1] == 0  # NaN is transparent


def test_color_scales_mix_linearly():
    scale = [[0, "#000000"], [1, "rgb(200,100,50)"]]
    assert rgba(np.array([0.5]), {"colorscale": scale, "zmin": 0, "zmax": 1})[0] == pytest.approx(
        [100, 50, 25, 255], abs=1
    )


@pytest.mark.parametrize(
    "add",
    [
        lambda f: f.add_scatter(x=[0, None], y=[1, None], text=["a", "b"], mode="text"),
        lambda f: f.add_scatter(x=[0, 1, None], y=[1, 10, None], fill="tozeroy"),
        lambda f: f.add_bar(x=[0, 1, None], y=[1, 10, 3]),
        lambda f: f.update_yaxes(type="log").add_bar(x=[0, 1], y=[1, 10]),
        lambda f: f.update_yaxes(type="log").add_scatter(x=[0, 1], y=[0, 10], fill="tozeroy"),
    ],
)
def test_no_coordinate_is_a_word(add):
    figure = new_figure(x_title="x", y_title="y", x_range=(0, 3), y_range=(0, 2))
    svg = svg_picture(to_json(plain(add(figure))))
    assert "nan" not in svg
    assert "inf" not in svg


def test_heat_maps_follow_reversed_axes():
    figure = new_figure(x_title="x", y_title="y", x_range=(1.5, -0.5), y_range=(1.5, -0.5))
    figure.add_heatmap(z=[[1, 0], [0, 0]], colorscale=[[0, "white"], [1, "red"]])
    (image,) = drawn(figure).iter("image")
    assert (float(image.get("width")), float(image.get("height"))) == (568, 320)
    data = base64.b64decode(image.get("href").removeprefix("data:image/png;base64,"))
    length = struct.unpack(">I", data[33:37])[0]
    rows = zlib.decompress(data[41 : 41 + length])
    red, white = bytes((255, 0, 0, 255)), bytes((255, 255, 255, 255))
    assert rows == b"\0" + white + red + b"\0" + white + white  # cell (0, 0) at the top right


def test_points_without_x_are_counted():
    figure = new_figure(x_title="x", y_title="y", x_range=(0, 2), y_range=(0, 2))
    figure.add_scatter(y=[0, 1, 2], mode="markers")
    assert [float(dot.get("cx")) for dot in drawn(figure).iter("circle")] == [56, 340, 624]
