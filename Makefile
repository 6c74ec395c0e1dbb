# The commands of this project: `make app` starts it, `make test` checks it, `make load` fills it with visitors,
# `make replicas` fills two of it behind nginx.
# They install what they need into .venv; the files .venv/.app and .venv/.test mark what is done already.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet

# The longest begin first, or one core waits for the other at the end.
LONG := $(wildcard tests/test_figures_of_merit*.py) tests/test_denoising_page.py tests/test_start.py

# Tests with a server, a browser or a cluster of their own wait most of the time: half of them beside the other half.
SERVED := tests/test_load.py tests/test_cluster.py tests/server tests/deploy

.PHONY: app test test-served test-browser load replicas clean

app: .venv/.app
	$(BIN)/python -m streamlit run app.py

test: .venv/.test
	$(BIN)/python tests/browser/chromium.py
	$(BIN)/python -m tests.deploy.nginx
	$(BIN)/ruff check .
	$(BIN)/mypy .
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder $(LONG) tests $(addprefix --ignore=,$(SERVED) tests/browser)
	$(MAKE) --jobs 2 --output-sync test-served test-browser

test-served:
	$(BIN)/python -m pytest $(SERVED)

test-browser:
	$(BIN)/python -m pytest tests/browser

load: .venv/.test
	$(BIN)/python tests/browser/chromium.py
	$(BIN)/python -m tests.load $(LOAD)

replicas: .venv/.test
	$(BIN)/python tests/browser/chromium.py
	$(BIN)/python -m tests.deploy.nginx
	$(BIN)/python -m tests.deploy $(LOAD)

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.app: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11")'
	@echo "Installing the app into .venv (once, some minutes: PyTorch is large) ..."
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) -r requirements.txt
	@touch $@

.venv/.test: .venv/.app tests/requirements.txt
	@echo "Installing the test tools into .venv ..."
	$(PIP) -r tests/requirements.txt
	@touch $@
