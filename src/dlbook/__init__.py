"""Models, data, training and explorers of the book *Deep Learning at Your Fingertips*."""

__version__ = "0.1.0"
