"""Examples that run: a notebook over the database itself, an R script and a Stata do-file over what `anjuan export` writes."""
