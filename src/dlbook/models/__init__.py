"""Models: one family a file, as `nn.Module`s and as the from-scratch versions the book teaches."""
