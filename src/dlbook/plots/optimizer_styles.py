"""How each optimizer's line looks, in every figure that compares optimizers."""

from dlbook.plots.theme import BLUE, GREEN, ORANGE, PURPLE, RED, SKY, YELLOW

# Optimizer -> colour and dash; colours that are near each other have different dashes.
STYLES = {
    "sgd": (BLUE, "solid"),
    "momentum": (ORANGE, "dashdot"),
    "nesterov": (YELLOW, "dash"),
    "adagrad": (GREEN, "solid"),
    "rmsprop": (PURPLE, "dash"),
    "adadelta": (SKY, "dot"),
    "adam": (RED, "solid"),
}
