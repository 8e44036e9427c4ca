# make run       install, synchronise corpus/, serve the chat page
# make check     install, lint, check types, run the tests that take no browser, kill nothing and are quick
# make test      the same with all tests
# make pictures  take the pictures of all pages in docs/pictures anew
# make clean     remove the environment and the data folder

PYTHON ?= python3
VENV ?= .venv
DATA ?= $(or $(WENZHENG_DATA),data)
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: run check test lint ingest pictures clean

run: ingest
	$(BIN)/python app.py --data $(DATA)

ingest: $(VENV)/installed
	$(BIN)/python -m ingest corpus --data $(DATA)

# Two files of tests at once, a core for each.
PYTEST := OMP_NUM_THREADS=1 $(BIN)/pytest -n 2 --dist loadfile

check: lint
	$(PYTEST) -m "not browser and not kills and not slow"

test: lint
	$(PYTEST)

lint: $(VENV)/installed-for-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

pictures: $(VENV)/installed-for-tests
	rm -f docs/pictures/*.png
	$(BIN)/pytest tests/web/test_accessibility.py --pictures docs/pictures

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed; name it with: make run PYTHON=python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)

# About two minutes and 2 GB the first time.
$(VENV)/installed: pyproject.toml | $(VENV)/bin/python
	@echo "Installing (about two minutes the first time) …"
	$(PIP) --editable .
	@touch $@

$(VENV)/installed-for-tests: pyproject.toml | $(VENV)/bin/python
	@echo "Installing (about two minutes the first time) …"
	$(PIP) --editable '.[dev]'
	@touch $(VENV)/installed $@

clean:
	rm -rf $(VENV) $(DATA)
