"""One file per command of `trinhky`; see `workflow.cli` for how they are found."""
