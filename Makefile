# What can be made here: `make help`. `make chat` and `make test` install what they need into .venv first.
PYTHON ?= python3
PORT ?= 7860
WORKERS ?= 2
BIN := .venv/bin
# A file's tests stay together, so that a model is loaded once; its threads would only wait for those of the other worker.
TESTS := OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

.DEFAULT_GOAL := help
.PHONY: help chat test slow browser language-model stress wheels clean

help:  ## This list
	@grep -E '^[a-z-]+:.*  ## ' Makefile | sed -E 's/^([a-z-]+):.*  ## (.*)/\1|\2/' | column -t -s '|'

chat: .venv/.installed  ## The page, at port 7860 or the PORT given: open the address that it prints
	$(BIN)/citedesk chat --port $(PORT)

test: .venv/.installed-test  ## Style, types, the fast tests and the core of the slow ones: six minutes on two cores
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(TESTS) -m "(not slow or core) and not browser and not language_model"

slow: .venv/.installed-test  ## The other slow tests: trained models, kills, mounts, stress in short
	$(TESTS) -m "slow and not core and not browser and not language_model"

browser: .venv/.installed-test  ## The page in Chromium, which must be installed
	$(BIN)/python -m pytest -m browser

language-model: .venv/.installed-test  ## With a chat model at CITEDESK_CHAT_ADDRESS, see tests/README.md
	$(BIN)/python -m pytest -m language_model

stress: .venv/.installed-test  ## Kills, full disks, damage, 100,000 passages: two or three hours on an idle machine
	$(BIN)/python -m eval.stress --out eval/runs/stress.json

wheels: .venv/.installed-test  ## What is released, into dist/: citedesk, and citedesk-models with large weights
	$(BIN)/python .ci/wheels.py dist

clean:  ## Remove what was installed and cached
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis

.venv/.installed: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[all]'
	touch $@

.venv/.installed-test: .venv/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[all,test]'
	touch $@
