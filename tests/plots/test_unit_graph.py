from dlbook.plots.unit_graph import value_graph


def test_a_graph_writes_the_value_on_each_edge():
    nodes = {
        "x": ("x", "input", (0, 1)),
        "w": ("w", "parameter", (0, 0)),
        "p": ("×", "operation", (1, 0.5)),
    }
    figure = value_graph(nodes, [("x", "p", "2"), ("w", "p", "−0.5")], size=(2, 2))
    assert list(figure.data[-1].text) == ["2", "−0.5"]
    assert list(figure.data[-2].text) == ["x", "w", "×"]
