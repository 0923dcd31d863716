# Everything runs in .venv, a virtual environment that is made on first use:
#   make demo    compares losses on a real table and leaves report.html
#   make test    runs the linters, the type checker and all the tests
# To use another interpreter: make PYTHON=/path/to/python3.12 demo

VENV = .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
PY := $(BIN)/python
PIP := $(PY) -m pip install --disable-pip-version-check --constraint constraints.txt
CANDIDATES := $(if $(PYTHON),$(PYTHON),python3 python3.14 python3.13 python3.12 python3.11 python)
SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))
DATASET = diabetes
ARGS =
JOBS = auto

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup demo test lint format stubs bench bench-all gpu survey fuzz mutants clean

help:
	@sed -n 's/^#   //p' Makefile

setup: $(VENV)/installed-dev

demo: $(VENV)/installed-cli,compare
	$(BIN)/lossary compare --dataset $(DATASET) --report report.html

# Processes of tests share the cores with PyTorch's threads, which must not spin while they wait.
test: lint
	OMP_WAIT_POLICY=passive $(PY) -m pytest --numprocesses $(JOBS) --dist worksteal $(ARGS)

lint: setup
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy --num-workers auto

format: setup
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

stubs: setup
	$(PY) -m tools

bench: setup
	$(PY) -m benchmarks $(ARGS)

bench-all: setup
	$(PY) -m benchmarks.every_loss $(ARGS)

# On a machine with a GPU, with the Python and the packages that are installed there.
gpu:
	PYTHONPATH=src $(or $(PYTHON),python) -m benchmarks.gpu $(ARGS)

survey: setup
	$(PY) -m benchmarks.survey $(ARGS)

fuzz: setup
	PYTHONPATH=tests $(PY) -m fuzz $(ARGS)

mutants: setup
	PYTHONPATH=tests $(PY) -m mutants $(ARGS)

clean:
	rm -rf build dist src/*.egg-info report.html .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp file for each set of extras; a change of pyproject.toml or constraints.txt makes it stale.
# PyTorch is installed first, by its exact release: otherwise pip would download the newest CUDA build.
# Without build isolation, the build backend is the pinned one, too.
$(VENV)/installed-%: pyproject.toml constraints.txt $(VENV)/created
	$(PIP) "$$(grep '^torch==' constraints.txt)" setuptools
	@echo "Installing lossary[$*] ..."
	$(PIP) --quiet --no-build-isolation --editable ".[$*]"
	@touch "$@"

# A virtual environment that works is kept; an incomplete one is made again.
$(VENV)/created:
	@if [ -x "$(PY)" ] && "$(PY)" -c "import pip, sys; sys.prefix == sys.base_prefix and sys.exit(1); $(SUPPORTED)" >/dev/null 2>&1; then touch "$@"; exit 0; fi; found=; \
	for python in $(CANDIDATES); do \
	  if "$$python" -c "$(SUPPORTED)" >/dev/null 2>&1; then found="$$python"; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "lossary: Python 3.11 to 3.14 is needed, and none of these is one: $(CANDIDATES). Name it: make PYTHON=/path/to/python" >&2; exit 1; \
	fi; \
	if ! "$$found" -c "import ensurepip, venv" >/dev/null 2>&1; then \
	  echo "lossary: $$found has no venv module. Install it (Debian, Ubuntu: apt install python3-venv) and run make again." >&2; exit 1; \
	fi; \
	echo "Making $(VENV) with $$("$$found" --version) ..."; \
	"$$found" -m venv --clear "$(VENV)" && touch "$@"
