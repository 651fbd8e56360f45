# The daily verbs. Each sets up everything itself on a machine that has Python 3.10 or newer and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= auto
SECONDS ?= 300

AWS_SDK_JS := $(addprefix @aws-sdk/,client-cloudwatch client-dynamodb client-iam client-s3 client-sqs client-sts \
	lib-storage s3-request-presigner)

.PHONY: demo test test-wire test-clients test-async fuzz lint types package docs bench clean check

demo: $(VENV)/.installed        ## the main job: calls allowed, denied and explained
	$(BIN)/iamsim demo

test: $(VENV)/.installed        ## all tests
	$(BIN)/pytest -n $(WORKERS)

check: lint types test package  ## what CI runs

lint: $(VENV)/.installed
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/.installed
	$(BIN)/mypy --strict iamsim mocks

package: $(VENV)/.installed     ## the wheel, installed in a clean environment
	$(BIN)/python tests/packaging/check_wheel.py

test-wire: $(VENV)/.installed   ## the laws of the wire, over every operation of every service
	WIRE=all $(BIN)/pytest -n $(WORKERS) tests/protocol/test_laws.py

test-clients: $(VENV)/.installed ## the server with the AWS CLI and the AWS SDK for JavaScript, installed into .bench
	test -x .bench/aws-cli/bin/aws || { $(PYTHON) -m venv .bench/aws-cli && .bench/aws-cli/bin/pip install -q awscli; }
	test -d .bench/aws-sdk-js/node_modules || { mkdir -p .bench/aws-sdk-js && cd .bench/aws-sdk-js && \
		npm install --no-audit --no-fund $(AWS_SDK_JS); }
	$(BIN)/pytest -rs tests/server/test_clients.py

test-async: pyproject.toml      ## aiobotocore and aioboto3, which pin an older botocore, in an environment of their own
	test -x .bench/async/bin/python || $(PYTHON) -m venv .bench/async
	.bench/async/bin/python -m pip install -q -e ".[async,test]" aioboto3
	.bench/async/bin/python -m pytest tests/intercept

fuzz: $(VENV)/.installed         ## the wire under coverage-guided fuzzing, for SECONDS
	test -x .bench/fuzz/bin/python || $(PYTHON) -m venv .bench/fuzz
	.bench/fuzz/bin/python -m pip install -q -e ".[test]" atheris
	.bench/fuzz/bin/python -m tests.fuzz.atheris_wire -max_total_time=$(SECONDS) -artifact_prefix=.bench/fuzz/

docs: $(VENV)/.installed
	$(BIN)/pip install -q -e ".[docs]"
	$(BIN)/mkdocs build --strict

bench: $(VENV)/.installed       ## every benchmark; moto in an environment of its own
	$(BIN)/python benchmarks/run.py

$(VENV)/.installed: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --upgrade pip
	$(BIN)/python -m pip install -q -e ".[dev]"
	touch $@

clean:
	rm -rf $(VENV) build dist site *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
