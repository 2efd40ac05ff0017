# The commands of the README and of continuous integration; more with `dl-lesson --help`.
.PHONY: course course-further test quick test-browser site lab wheel lock clean

BIN := .venv/bin
# Folders of tests that `make quick` leaves out, beside what is marked as slow.
SLOW := benchmarks browser notebooks tools website
# All tests, or those that somebody names: make test TESTS="tests/data -k weather"
TESTS :=
# A process for each core, but no more kernels of notebooks than a laptop has memory for.
TOGETHER := --numprocesses auto --maxprocesses 4 --dist loadgroup --no-loadscope-reorder

course: .venv/complete
	@$(BIN)/dl-lesson check
	@$(BIN)/dl-lesson data fetch || true
	@$(BIN)/dl-lesson run
	@$(BIN)/dl-lesson site

course-further: .venv/complete
	@$(BIN)/dl-lesson run --further

test: .venv/complete
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/python -m pytest $(TOGETHER) $(TESTS)

# The loop of an author: under a minute, without anything that executes a notebook or trains long.
quick: .venv/complete
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/python -m pytest $(TOGETHER) -m "not slow" $(SLOW:%=--ignore=tests/%)

# Needs Chromium on the system.
test-browser: .venv/complete
	$(BIN)/python -m pytest tests/browser

site: .venv/complete
	@$(BIN)/dl-lesson site

lab: .venv/complete
	@$(BIN)/dl-lesson lab

# What learners install. Needs no network.
wheel: .venv/complete
	@$(BIN)/python -m pip wheel --disable-pip-version-check --quiet --no-deps \
		--no-build-isolation --wheel-dir _build/dist .
	@ls -1 _build/dist/*.whl

# The stamp is written last, so that an interrupted installation is taken up again.
.venv/complete: requirements-author.lock pyproject.toml tools/make_environment.sh
	@sh tools/make_environment.sh
	@touch $@

# Needs uv. The locks hold for each Python and system that pyproject.toml names. Versions stay as
# they are where they fit; `make lock UPGRADE=--upgrade` takes the newest, and then `dl-lesson build`
# has to execute all notebooks again.
UPGRADE :=
COMPILE := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --custom-compile-command "make lock" --quiet

# The learner's lock comes second, so that it takes each version from the author's; the hub's is the
# learner's with the packages of a hub.
lock:
	$(COMPILE) $(UPGRADE) --extra authoring --extra site --extra browser --extra test \
		--output-file requirements-author.lock
	$(COMPILE) --constraint requirements-author.lock --output-file requirements.lock
	$(COMPILE) --constraint requirements.lock --extra hub --output-file deploy/requirements-hub.lock

clean:
	rm -rf .venv _build
