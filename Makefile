# make run        check the register, print what is overdue, write the summaries to build/
# make test       prove the program and the register: style, types, tests, and tests on the oldest dependencies
# make thorough   the same with ten times as many examples of each law, and every branch measured
PYTHON ?= python3
BIN := .venv/bin
LOWEST := .venv-lowest/bin

BROWSER := tests/browser/node_modules

# What these prove depends on a dependency: click, rich, ruamel.yaml, jsonschema, GitPython, filelock, Jinja2 with
# MarkupSafe, markdown-it-py with nh3, XlsxWriter, python-docx, or on what the tests read files with.
REACHING := schema_fast cli exports fmt formats prose documents repository schema site templates update wheel transaction yaml_editor yaml_reader

# Where this is set, each of the thousand processes of the tests would compile the program anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test thorough lint types tests lowest docs bench fuzz clean

run: .venv/installed
	@mkdir -p build; code=0; \
	for answer in check status overdue \
	  "render summary --out build/summary.html" "render summary --out build/summary.md" \
	  "render action-plan --out build/action-plan.html" "render action-plan --out build/action-plan.md"; do \
	  echo "\$$ dhrctl $$answer"; $(BIN)/dhrctl $$answer || code=$$?; echo; \
	done; \
	echo "The summaries and the action plans are in build/."; exit $$code

test:
	@$(MAKE) --no-print-directory -j 2 .venv/tested .venv-lowest/tested $(BROWSER)/.package-lock.json
	@$(MAKE) --no-print-directory -j 2 lint types
	@$(MAKE) --no-print-directory tests
	@$(MAKE) --no-print-directory lowest

thorough:
	@DHRCTL_LAWS=thorough $(MAKE) --no-print-directory test COVERAGE="--cov --cov-report=term"

lint: .venv/tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo

types: .venv/tested
	$(BIN)/mypy

tests: .venv/tested $(BROWSER)/.package-lock.json
	$(BIN)/pytest -n 3 --dist loadfile $(COVERAGE)

lowest: .venv-lowest/tested
	$(LOWEST)/pytest -n 3 --dist loadfile -q -p no:cacheprovider $(foreach name,$(REACHING),$(shell find tests -name test_$(name).py))

docs: .venv/tested
	$(BIN)/python tests/rewrite_docs.py

bench: .venv/installed
	$(BIN)/python benchmarks/speed.py
	$(BIN)/python benchmarks/past.py
	$(BIN)/python benchmarks/hostile.py

fuzz: .venv-fuzz/installed
	@mkdir -p build/fuzz
	.venv-fuzz/bin/python fuzz/fuzz_reader.py build/fuzz fuzz/seeds -max_total_time=60 -timeout=10 -artifact_prefix=build/fuzz-

.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	PIP_CONSTRAINT=constraints.txt $(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

.venv/tested: .venv/installed
	PIP_CONSTRAINT=constraints.txt $(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[test]"
	@touch $@

.venv-fuzz/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv-fuzz
	PIP_CONSTRAINT=constraints.txt .venv-fuzz/bin/python -m pip install --quiet --disable-pip-version-check "atheris>=3.0" -e .
	@touch $@

.venv-lowest/tested: pyproject.toml constraints-lowest.txt
	$(PYTHON) -m venv .venv-lowest
	PIP_CONSTRAINT=constraints-lowest.txt $(LOWEST)/python -m pip install --quiet --disable-pip-version-check -e ".[test]"
	@touch $@

# Without npm, or without a way to its packages, the tests that need them are skipped, and say so.
$(BROWSER)/.package-lock.json: tests/browser/package-lock.json
	@npm ci --prefix tests/browser --silent --no-progress && touch $@ || \
	echo "axe-core and html-validate cannot be installed; the tests of pages that need them are skipped" >&2

clean:
	rm -rf .venv .venv-lowest .venv-fuzz $(BROWSER) build dist .coverage .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
