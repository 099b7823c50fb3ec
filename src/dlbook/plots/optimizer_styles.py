"""How each optimizer's line and dot look, in every figure that compares optimizers."""

from dlbook.plots.theme import BLUE, GREEN, ORANGE, PURPLE, RED, VIOLET, YELLOW

# Optimizer -> colour and dash; colours that are near each other have different dashes.
STYLES = {
    "sgd": (BLUE, "solid"),
    "momentum": (ORANGE, "dashdot"),
    "nesterov": (YELLOW, "dash"),
    "adagrad": (GREEN, "solid"),
    "rmsprop": (PURPLE, "dash"),
    "adadelta": (VIOLET, "dot"),
    "adam": (RED, "solid"),
}
# Dots have no dash: each has a shape of its own.
SYMBOLS = {
    "sgd": "circle",
    "momentum": "square",
    "nesterov": "diamond",
    "adagrad": "triangle-up",
    "rmsprop": "triangle-down",
    "adadelta": "star",
    "adam": "cross",
}
