# The commands of the README and of continuous integration; more with `dl-lesson --help`.
.PHONY: course test test-browser site lab lock clean

BIN := .venv/bin

course: .venv/complete
	@$(BIN)/dl-lesson check
	@$(BIN)/dl-lesson data fetch || true
	@$(BIN)/dl-lesson run
	@$(BIN)/dl-lesson site

test: .venv/complete
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/python -m pytest

# Needs Chromium on the system.
test-browser: .venv/complete
	$(BIN)/python -m pytest tests/browser

site: .venv/complete
	@$(BIN)/dl-lesson site

lab: .venv/complete
	@$(BIN)/dl-lesson lab

# The stamp is written last, so that an interrupted installation is taken up again.
.venv/complete: requirements.lock pyproject.toml tools/make_environment.sh
	@sh tools/make_environment.sh
	@touch $@

# Needs uv. The lock holds for each Python and system that pyproject.toml names.
lock:
	uv pip compile pyproject.toml --extra authoring --extra site --extra browser \
		--extra test --universal \
		--python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
		--custom-compile-command "make lock" --upgrade --quiet --output-file requirements.lock

clean:
	rm -rf .venv _build
