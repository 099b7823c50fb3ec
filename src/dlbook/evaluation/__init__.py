"""Honest evaluation: selecting, splitting, cross-validating, and ways of fooling oneself."""
