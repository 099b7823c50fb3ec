"""Data sets: settings and a seed in, tensors out."""
