"""Solvers other than first-order descent: linear systems, second order, search, split problems."""
