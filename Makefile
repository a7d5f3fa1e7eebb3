# The front door. Everything happens in .venv; nothing outside this folder is touched, but for `make system`.

# The first of these that is Python 3.11 or newer; set PYTHON to choose another.
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11 python3.14; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$name; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

# What is installed is keyed by the contents of the locks: a second run finds its stamp and needs no network.
digest = $(shell cat $(1) | cksum | cut -d' ' -f1)
RUN_STAMP := $(VENV)/.run-$(call digest,requirements.txt pyproject.toml)
DEV_STAMP := $(VENV)/.dev-$(call digest,requirements-dev.txt pyproject.toml)
EXPORT_STAMP := $(VENV)/.export-$(call digest,requirements-export.txt pyproject.toml)
BENCH_STAMP := $(VENV)/.bench-$(call digest,requirements-bench.txt pyproject.toml)

PDFS := $(wildcard raw/*.pdf)
ARGS ?=
# One worker per core; tests that need the machine to themselves are marked `serial` (tests/conftest.py).
JOBS ?= auto
# Bytecode is written whatever the environment says: else each worker would rewrite all assertions anew, 5 s of each.
PYTEST = PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest --numprocesses $(JOBS) --dist worksteal
# A worker runs whole modules, whose fixtures are made once, in the order of tests/conftest.py. The long tests of
# `make check`, `fuzz` and `layouts` are in few modules, and are shared one by one.
BY_MODULE = --dist loadfile --no-loadscope-reorder

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup system extract validate test coverage fixtures mutants goldens schema accuracy review export site bench fit layouts fuzz lint size types check lock audit clean

help: ## Print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(DEV_STAMP) ## Create .venv with the locked dependencies and the package

system: ## Install the Debian packages that the tests of scans, browser and office layouts use (root)
	.ci/system

extract: $(RUN_STAMP) ## Run the pipeline on every PDF in raw/ into extracted/<edition>/
	XDG_CACHE_HOME=$(CURDIR)/build/cache $(BIN)/pipeline run $(PDFS) $(ARGS)
	$(BIN)/pipeline link --quiet

validate: $(RUN_STAMP) ## Check extracted/ against the published schema
	$(BIN)/pipeline validate $(ARGS)

test: $(DEV_STAMP) ## Run the tests, but for the long ones of make check
	$(PYTEST) $(BY_MODULE) -m "not check" $(ARGS)

coverage: $(DEV_STAMP) ## Say which lines and branches make test does not run
	@mkdir -p build
	$(BIN)/coverage erase
	PYTHONDONTWRITEBYTECODE= $(BIN)/coverage run -m pytest --numprocesses $(JOBS) $(BY_MODULE) -m "not check" $(ARGS)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

fixtures: $(DEV_STAMP) ## Typeset anew what is stale in tests/fixtures (needs make system; never in CI)
	$(BIN)/python -m tests.fixtures

mutants: $(DEV_STAMP) ## Change the code where tests/mutants/mutants.yaml says, and see that the tests notice
	$(BIN)/python -m tests.mutants $(ARGS)

goldens: $(DEV_STAMP) ## Compare extracted/ and a fresh extraction with the goldens
	$(BIN)/python -m pytest -m golden $(ARGS)

schema: $(RUN_STAMP) ## Write the JSON Schemas and docs/fields.md from the models
	$(BIN)/pipeline schema --write

accuracy: $(RUN_STAMP) ## Report exactly how extracted/ differs from the goldens
	$(BIN)/pipeline accuracy $(ARGS)

review: $(RUN_STAMP) ## Write the review page: page images next to the extracted values
	$(BIN)/pipeline review $(ARGS)

export: $(EXPORT_STAMP) ## Write the data as CSV, Parquet, SQLite, NDJSON, JSON-LD into build/export/
	$(BIN)/pipeline export $(ARGS)

# The feed's date is that of the last change of the data: the same commit gives the same bytes.
site: $(EXPORT_STAMP) ## Write the catalogue, a static site, into build/site/
	SOURCE_DATE_EPOCH=$${SOURCE_DATE_EPOCH-$$(git log -1 --format=%ct -- extracted 2>/dev/null)} $(BIN)/pipeline site $(ARGS)

# Where Python may not write bytecode, each process would compile anew what has changed since the installation.
bench: $(BENCH_STAMP) ## Measure speed and memory
	@$(BIN)/python -m compileall -q pipeline
	$(BIN)/python -m bench $(ARGS)

fit: $(DEV_STAMP) ## Say how well the table model's weights fit (ARGS: folders with forms)
	$(BIN)/python -m bench.fit $(ARGS)

layouts: $(DEV_STAMP) ## Draw and check 300 layouts by Typst and 75 by Chromium
	PIPELINE_DRAWN_LAYOUTS=300 $(PYTEST) tests/layouts/test_properties.py $(ARGS)

fuzz: $(DEV_STAMP) ## Damage sound files 2,400 times over, and run them; kill 200 runs
	PIPELINE_FUZZ=long $(PYTEST) tests/fuzz tests/hostile/test_output_safety.py $(ARGS)

lint: $(DEV_STAMP) ## Check style, and that imports go one way
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache

size: $(RUN_STAMP) ## Count the lines of code by folder
	@$(BIN)/python -m bench.size

types: $(DEV_STAMP) ## Check types
	$(BIN)/mypy

check: lint types ## All that make test leaves out: style, types, schema, accuracy, the long tests (make system first)
	$(BIN)/pipeline schema --check
	$(BIN)/pipeline accuracy
	$(PYTEST) -m check $(ARGS)

lock: $(DEV_STAMP) ## Write the requirements files anew from pyproject.toml (network)
	$(PIP) install uv
	$(call compile,requirements.txt,--group build)
	$(call compile,requirements-export.txt,--extra export --group build -c requirements.txt)
	$(call compile,requirements-dev.txt,--extra ocr --extra cluster --extra export --group build --group dev -c requirements.txt -c requirements-export.txt)
	$(call compile,requirements-bench.txt,--extra bench --extra ocr --extra cluster --extra export --group build --group dev -c requirements-dev.txt)

audit: $(DEV_STAMP) ## Ask the advisory database about the locked dependencies (network)
	$(BIN)/pip-audit --disable-pip --requirement requirements.txt

clean: ## Remove .venv and everything that tools leave behind (not extracted/)
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# No lock names a host, so that any index serves it; the hashes say what must come.
compile = $(BIN)/uv pip compile --quiet pyproject.toml $(2) --generate-hashes --universal --python-version 3.11 \
	--no-emit-index-url --no-header --no-annotate --output-file $(1) > /dev/null

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "make: Python 3.11 or newer is needed; install it, or name it: make PYTHON=…" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "make: no virtual environment can be made; on Debian: apt-get install python3-venv" >&2; exit 1; }

# The package itself is installed in place, by the build backend of the locks: no network, no build environment.
# A lock is whole: pip takes it as it is and resolves nothing, so that a later release of a package changes nothing.
define install
	@echo "Installing $(1) into $(VENV) …"
	@$(PIP) install --require-hashes --no-deps --requirement $(1)
	@$(PIP) check
	@$(PIP) install --no-deps --no-build-isolation --no-index --editable .
	@$(BIN)/python -m compileall -q pipeline
	@rm -f $(VENV)/.$(2)-*
	@touch $@
endef

$(RUN_STAMP): | $(BIN)/python
	$(call install,requirements.txt,run)

$(EXPORT_STAMP): | $(BIN)/python
	$(call install,requirements-export.txt,export)

$(DEV_STAMP): | $(BIN)/python
	$(call install,requirements-dev.txt,dev)

$(BENCH_STAMP): | $(BIN)/python
	$(call install,requirements-bench.txt,bench)
