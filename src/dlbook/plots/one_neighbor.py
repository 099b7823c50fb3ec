"""Where on the axis the best rule errs, and where one neighbour errs on top of it."""

from dlbook.plots.error_curves import translucent
from dlbook.plots.panels import line
from dlbook.plots.theme import GRAY, PURPLE


def error_areas(x, best, one) -> list[dict]:
    """Errors per unit of x: of the best rule as an area, of one neighbour as the area above it."""
    return [
        line(x, best, "best rule", GRAY, fill="tozeroy", fillcolor=translucent(GRAY, 0.4)),
        line(x, one, "one neighbour", PURPLE, fill="tonexty", fillcolor=translucent(PURPLE, 0.4)),
    ]
