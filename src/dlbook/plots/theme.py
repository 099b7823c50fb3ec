"""The look of every figure: one palette, one template, readable on light and dark pages."""

from functools import cache

from plotly.graph_objects import Figure, layout

# Okabe and Ito, "Color Universal Design" (2008), each tone moved until it has a contrast of at
# least 3:1 on the book's white and on its dark background; tests/plots/test_theme.py holds that.
BLUE = "#2b83ba"
ORANGE = "#d06a00"
GREEN = "#12936d"
PURPLE = "#b8689c"
SKY = "#3f94c9"
YELLOW = "#a08a10"
RED = "#d9542b"
GRAY = "#808487"
VIOLET = "#7a5fd6"  # not in the palette: for figures that need a colour more

PALETTE = (BLUE, ORANGE, GREEN, PURPLE, RED, SKY, YELLOW, GRAY)
CLASS_COLORS = PALETTE[:2] + PALETTE[2:]  # class c is drawn in CLASS_COLORS[c] in every chapter
TRAIN_COLOR = BLUE
TEST_COLOR = ORANGE
TRUTH_COLOR = GRAY

# Two-class decision maps: class 0 blue, class 1 orange, undecided in between (translucent, so that
# the page's own background shows through).
DECISION_SCALE = [
    [0.0, "rgba(43,131,186,0.55)"],
    [0.5, "rgba(128,132,135,0.05)"],
    [1.0, "rgba(208,106,0,0.55)"],
]

LIGHT_TEXT, LIGHT_GRID = "#1f2328", "#d5d9de"
DARK_TEXT, DARK_GRID = "#d6dbe1", "#454c54"


@cache
def template(*, dark: bool = False, paper: str = "#ffffff") -> layout.Template:
    """The book's plotly template, for a light or a dark page.

    Figures in a notebook keep white paper, since nobody knows the colours of the program that
    shows them; the book's pages pass their own `paper` and `dark`.
    """
    text, grid = (DARK_TEXT, DARK_GRID) if dark else (LIGHT_TEXT, LIGHT_GRID)
    axis = {
        "gridcolor": grid,
        "zerolinecolor": grid,
        "linecolor": text,
        "tickcolor": text,
        "automargin": True,
        "title": {"standoff": 8},
    }
    return layout.Template(
        layout={
            "colorway": PALETTE,
            "font": {"color": text, "size": 13},
            "paper_bgcolor": paper,
            "plot_bgcolor": "rgba(0,0,0,0)",
            "xaxis": axis,
            "yaxis": axis,
            "legend": {
                "orientation": "h",
                "traceorder": "normal",
                "y": 1.02,
                "yanchor": "bottom",
                "x": 0,
                "xanchor": "left",
            },
            "margin": {"l": 56, "r": 16, "t": 40, "b": 48},
            "hovermode": "closest",
        }
    )


def new_figure(*, x_title: str, y_title: str, x_range: tuple, y_range: tuple, height=380) -> Figure:
    """An empty figure in the book's look, with titled axes and fixed ranges (data units)."""
    figure = Figure(layout={"template": template(), "height": height})
    figure.update_xaxes(title_text=x_title, range=list(x_range))
    figure.update_yaxes(title_text=y_title, range=list(y_range))
    return figure


def with_status(figure: Figure, sentence: str) -> Figure:
    """`figure`, with the sentence that says in words what it shows at the present settings.

    The explorers print the sentence below the figure and give it to screen readers.
    """
    return figure.update_layout(meta={"status": sentence})
