# Two commands do everything: `make chat` and `make test`. Both install what they need into .venv first.
PYTHON ?= python3
PORT ?= 7860
BIN := .venv/bin

.PHONY: chat test stress browser language-model wheels clean

chat: .venv/.installed
	$(BIN)/citedesk chat --port $(PORT)

test: .venv/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -m "not browser and not language_model"

# Kills, full disks, damage, readers during updates, 20,000 spoiled files, 100,000 passages: two hours or three, on a machine with nothing else to do.
stress: .venv/.installed-test
	$(BIN)/python -m eval.stress --out eval/runs/stress.json

# Needs Debian's chromium (or Chrome) on the PATH.
browser: .venv/.installed-test
	$(BIN)/python -m pytest -m browser

# Needs a server with an OpenAI-compatible interface: CITEDESK_CHAT_ADDRESS=http://127.0.0.1:8089/v1 make language-model
language-model: .venv/.installed-test
	$(BIN)/python -m pytest -m language_model

# What is released: citedesk, and citedesk-models where the weights do not fit into one wheel.
wheels: .venv/.installed-test
	$(BIN)/python .ci/wheels.py dist

.venv/.installed: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[all]'
	touch $@

.venv/.installed-test: .venv/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[all,test]'
	touch $@

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis
