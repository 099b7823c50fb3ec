"""How each optimizer's line looks, in every figure that compares optimizers."""

from dlbook.plots.theme import BLUE, GREEN, ORANGE, PURPLE, RED, SKY, YELLOW

# Optimizer -> colour and dash: no two that look alike share a dash.
STYLES = {
    "sgd": (BLUE, "solid"),
    "momentum": (ORANGE, "solid"),
    "nesterov": (YELLOW, "dash"),
    "adagrad": (GREEN, "solid"),
    "rmsprop": (PURPLE, "dash"),
    "adadelta": (SKY, "dot"),
    "adam": (RED, "solid"),
}
