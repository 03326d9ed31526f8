"""From a fresh checkout to a working `.venv`, with the standard library only.

Run by path, before anything is installed: `python3 workflow/bootstrap COMMAND`. Nothing here imports the rest
of the program, and the rest imports nothing from here.
"""
