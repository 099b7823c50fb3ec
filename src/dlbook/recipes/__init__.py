"""The headline experiments as scripts: `python -m dlbook.recipes.<name>`."""
