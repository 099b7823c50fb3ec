"""Where on the axis the best rule errs, and where one neighbour errs on top of it."""

from dlbook.plots.color_numbers import see_through
from dlbook.plots.panels import line
from dlbook.plots.theme import GRAY, PURPLE


def error_areas(x, best, one) -> list[dict]:
    """Errors per unit of x: of the best rule as an area, of one neighbour as the area above it."""
    return [
        line(x, best, "best rule", GRAY, fill="tozeroy", fillcolor=see_through(GRAY, 0.4)),
        line(x, one, "one neighbour", PURPLE, fill="tonexty", fillcolor=see_through(PURPLE, 0.4)),
    ]
