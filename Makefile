# The commands of this project: `make app` starts it, `make test` checks it, `make load` fills it with visitors,
# `make replicas` fills two of it behind nginx, `make constraints` writes down the version of every package.
# They install what they need into .venv; the files .venv/.app and .venv/.test mark what is done already.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet

# The longest begin first, or one core waits for the other at the end.
LONG := tests/figures_of_merit tests/pages/test_denoising.py tests/ui/server/test_imports.py

# Tests with a server, a browser or a cluster of their own wait most of the time: half of them beside the other half.
SERVED := tests/test_load.py tests/runs/test_ray.py tests/server tests/deploy

# The versions of Python that the app is for stand in pyproject.toml.
PYTHONS := $(shell sed -n 's/.*Python :: \(3\.[0-9]*\)".*/\1/p' pyproject.toml)
COMPILE := $(BIN)/python -m uv pip compile --quiet --custom-compile-command 'make constraints' --no-annotate

.PHONY: app test test-served test-browser load replicas image constraints clean

app: .venv/.app
	$(BIN)/python -m streamlit run app.py

test: .venv/.test
	$(BIN)/python tests/browser/chromium.py
	$(BIN)/python -m tests.deploy.nginx
	$(BIN)/ruff check .
	$(BIN)/mypy .
	$(BIN)/node .venv/typescript/node_modules/typescript/bin/tsc -p ae_core/ui/components
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

# The Dockerfile without Docker: as root on Linux, with debootstrap.
image: .venv/.test
	$(BIN)/python -m tests.deploy.image $(IMAGE)

# After a change in a requirements.txt: constraints.txt with what belongs to it, and a check that there are wheels for each Python,
# on Debian 11 too. Versions that still fit are kept; `make constraints UPGRADE=--upgrade` takes the newest.
constraints:
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) uv==0.13.9
	sed '/^-c /d' requirements.txt tests/requirements.txt > .venv/requirements.in
	$(COMPILE) --universal --python-version $(firstword $(PYTHONS)) --fork-strategy fewest --strip-extras $(UPGRADE) \
		.venv/requirements.in --output-file constraints.txt
	for python in $(PYTHONS); do \
		$(COMPILE) --python-version $$python --python-platform x86_64-manylinux_2_31 --only-binary :all: \
			--constraints constraints.txt .venv/requirements.in > .venv/wheels.txt || exit 1; \
	done

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/.app: requirements.txt constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11")'
	@echo "Installing the app into .venv (once, some minutes: PyTorch is large) ..."
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) -r requirements.txt
	@touch $@

# TypeScript checks the types of the components' JavaScript; its package-lock.json says what the package has to be.
.venv/.test: .venv/.app tests/requirements.txt tests/typescript/package-lock.json
	@echo "Installing the test tools into .venv ..."
	$(PIP) -r tests/requirements.txt
	mkdir -p .venv/typescript
	cp tests/typescript/package.json tests/typescript/package-lock.json .venv/typescript/
	cd .venv/typescript && ../bin/npm ci --ignore-scripts --no-audit --no-fund --silent
	@touch $@
