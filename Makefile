# anjuan: `make demo` and `make test` set everything up themselves. `make help` lists the rest.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
SHARED ?= ../shared
OUT    ?= out
STAMP  := $(VENV)/.installed

.PHONY: demo test check eval bench train evaluate report browse clean help test-nn

help:            ## list the targets
	@grep -E '^[a-z-]+: .*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

$(STAMP): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "anjuan needs Python 3.11 or newer; try: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "venv is missing; try: apt-get install -y python3-venv"; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@

demo: $(STAMP)   ## set up, run the whole job on the demonstration corpus, print Table 1, write the report
	$(BIN)/anjuan run corpora/demonstration.jsonl --db $(OUT)/demo.db --report $(OUT)/demo.html

test: $(STAMP)   ## set up and pass the tests; those of the workbench's pages need chromium
	@command -v chromium > /dev/null || echo "no chromium: the tests of the web pages are skipped; to have them run: apt-get install -y chromium"
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n auto  # each core has its own process: threads beside them only wait for one another

test-nn: $(STAMP) ## the tests of models that need torch or a sentence encoder: installs them first (1 GB)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'torch==2.13.0' && $(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[nn,embed]'
	$(BIN)/python -m pytest -n auto tests/test_transformer.py tests/test_pretraining.py tests/test_encoded.py

check: $(STAMP)  ## lint and types
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

eval: $(STAMP)   ## measure accuracy on the coded judgments in SHARED/gold
	$(BIN)/python bench/evaluate.py --shared $(SHARED)

bench: $(STAMP)  ## measure speed beside its peers, write bench/RESULTS.md; MEMORY=1 also runs JUDGMENTS=100000, MEGABYTES=2000 sets the dump's size (slow); ONLY=Models measures one section
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[bench]'
	$(BIN)/python bench/speed.py --shared $(SHARED) $(if $(ONLY),--only '$(ONLY)') $(if $(MEMORY),--memory) $(if $(JUDGMENTS),--judgments $(JUDGMENTS)) $(if $(MEGABYTES),--megabytes $(MEGABYTES))

train: $(STAMP)  ## train the models in models/ again from annotations/
	$(BIN)/anjuan train

evaluate: $(STAMP) ## evaluate the models of models/ by nested cross-validation, into their cards (half an hour)
	$(BIN)/anjuan evaluate

report: $(STAMP) ## write the report of DB=... (default: the demonstration's)
	$(BIN)/anjuan report --db $(or $(DB),$(OUT)/demo.db) --html $(or $(HTML),$(OUT)/report.html) $(if $(HTML),,--force)

browse: $(STAMP) ## look at DB=... in the browser with Datasette
	$(BIN)/anjuan browse --db $(or $(DB),$(OUT)/demo.db) --open

clean:           ## remove what make created
	rm -rf $(VENV) $(OUT) build *.egg-info .pytest_cache .mypy_cache .ruff_cache
