"""One short file per job; `schedulers.table` lists them."""
