"""The commands of `python -m signing`: each module adds its own arguments and runs."""
