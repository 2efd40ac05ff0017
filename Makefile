# The commands of the README and of continuous integration; more with `dl-lesson --help`.
.PHONY: course course-further test quick checks format coverage test-browser bench mutants site lab wheel \
	bill-of-materials audit lock clean

BIN := .venv/bin
# Folders of tests that `make quick` leaves out, beside what is marked as slow.
SLOW := benchmarks browser faults notebooks scaling tools website
# Folders of tests that reach little of the package, or execute its notebooks.
BEYOND := benchmarks browser notebooks scaling tools
# All tests, or those that somebody names: make test TESTS="tests/data -k weather"
TESTS :=
# A process for each core, but no more kernels of notebooks than a laptop has memory for.
TOGETHER := --numprocesses auto --maxprocesses 4 --dist loadscope --no-loadscope-reorder

course: .venv/complete
	@$(BIN)/dl-lesson check
	@$(BIN)/dl-lesson data fetch || true
	@$(BIN)/dl-lesson run
	@$(BIN)/dl-lesson site

course-further: .venv/complete
	@$(BIN)/dl-lesson run --further

test: checks
	$(BIN)/python -m pytest $(TOGETHER) $(TESTS)

# The loop of an author: about a minute, without anything that executes a notebook or trains long.
quick: checks
	$(BIN)/python -m pytest $(TOGETHER) -m "not slow" $(SLOW:%=--ignore=tests/%)

JUPYTEXT = $(BIN)/jupytext --quiet --from md:myst
SOURCES := $(wildcard episodes/[0-9]*.md episodes/further/[0-9]*.md)

# Style, types, whether each package that is imported is declared, and whether JupyterLab would save
# each episode as it is.
checks: .venv/complete
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	@$(JUPYTEXT) --to ipynb --test-strict $(SOURCES) || \
		{ echo "An episode is not written as jupytext writes it; run: make format" >&2; exit 1; }
	$(BIN)/mypy
	$(BIN)/deptry .

# Code as ruff writes it, episodes as jupytext does.
format: .venv/complete
	$(BIN)/ruff format
	$(JUPYTEXT) --to md:myst $(SOURCES)

# Branches of the package that the tests reach without executing the notebooks of the course.
coverage: .venv/complete
	rm -rf _build/coverage
	mkdir -p _build/coverage
	$(BIN)/coverage run -m pytest $(TOGETHER) $(BEYOND:%=--ignore=tests/%) $(TESTS)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

# Needs Chromium on the system.
test-browser: .venv/complete
	$(BIN)/python -m pytest tests/browser

# About an hour, on a computer that does nothing else: benchmarks/times.json and its page.
bench: .venv/complete
	$(BIN)/python benchmarks/times.py

# Takes about 20 minutes. Words choose some of the defects: make mutants DEFECTS="plot_history"
DEFECTS :=
mutants: .venv/complete
	$(BIN)/python benchmarks/mutants $(DEFECTS)

site: .venv/complete
	@$(BIN)/dl-lesson site

lab: .venv/complete
	@$(BIN)/dl-lesson lab

# What learners install. Needs no network.
wheel: .venv/complete
	@$(BIN)/python -m pip wheel --disable-pip-version-check --quiet --no-deps \
		--no-build-isolation --wheel-dir _build/dist .
	@ls -1 _build/dist/*.whl

# What a learner installs, with hashes, as CycloneDX has it: for a release.
bill-of-materials: .venv/complete
	@mkdir -p _build
	@$(BIN)/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml \
		--output-reproducible --output-file _build/bill-of-materials.json
	@echo _build/bill-of-materials.json

# Known faults of the packages in the locks. Asks pypi.org; what it does not find there is a failure.
audit: .venv/complete
	$(BIN)/pip-audit --strict --disable-pip --require-hashes --requirement requirements-author.lock

# The stamp is written last, so that an interrupted installation is taken up again.
.venv/complete: requirements-author.lock pyproject.toml tools/make_environment.sh
	@sh tools/make_environment.sh
	@touch $@

# Needs uv. All locks but the last hold for each Python and system that pyproject.toml names. Versions
# stay as they are where they fit; `make lock UPGRADE=--upgrade` takes the newest, and then
# `dl-lesson build` has to execute all notebooks again.
UPGRADE :=
COMPILE := uv pip compile pyproject.toml --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --custom-compile-command "make lock" --quiet

# The learner's lock comes second, so that it takes each version from the author's; the hub's is the
# learner's with the packages of a hub. The last holds the oldest versions that pyproject.toml allows,
# for tests on Linux; left alone, uv takes the newest JupyterLab there.
lock:
	$(COMPILE) --universal $(UPGRADE) --extra authoring --extra site --extra browser --extra test \
		--output-file requirements-author.lock
	$(COMPILE) --universal --constraint requirements-author.lock --output-file requirements.lock
	$(COMPILE) --universal --constraint requirements.lock --extra hub \
		--output-file deploy/requirements-hub.lock
	echo "jupyterlab==4.4.0" | $(COMPILE) --python-platform linux --resolution lowest-direct \
		--constraint - --extra authoring --extra site --extra test --output-file tests/oldest/requirements.lock

clean:
	rm -rf .venv _build
