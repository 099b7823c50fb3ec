"""Models of the book's chapters as training steps, small: what must compile and equal torch."""

from zoo import attention, convolutions, generative, linear, other, perceptrons, recurrent

EXAMPLES = {
    name: make
    for family in (linear, perceptrons, convolutions, recurrent, attention, generative, other)
    for name, make in family.EXAMPLES.items()
}
