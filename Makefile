# Every command makes the machine ready by itself (scripts/setup.sh) and builds what it needs, once.
# VERBOSE=1 shows what the stages print; it is in target/stages/ anyway.

MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

.PHONY: help setup native jar wheel notebooks demo replay test check it bench soak release fmt clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:[^#]*## /\t/' | expand -t 10

setup: ## Install what is missing (every other command does this first)
	@scripts/setup.sh

demo: setup ## The console, its service and a job over a real shop's log, until Ctrl-C; SPEED=events/s, PORT=8400
	@scripts/demo.sh

replay: setup ## Play that log through a local Flink once and compare with a backtest; SPEED=events/s (default 1000)
	@scripts/replay.sh

native: setup ## Build the program `alcedo` and the library that the JVM loads
	@scripts/build.sh native

jar: setup ## Build the jar for a Flink cluster (with the library inside)
	@scripts/build.sh native jar

wheel: setup ## Build the Python package: target/wheels/alcedo-*.whl
	@scripts/python.sh wheel

notebooks: setup ## Run docs/notebooks again and keep what they show; EVENTS=n of the simulated shop (default 5000000)
	@scripts/build.sh native
	@scripts/python.sh wheel && scripts/python.sh venv && scripts/python.sh install
	@scripts/python.sh notebooks --write --events "$${EVENTS:-5000000}"

test: setup ## Run all tests, on both Flink lines
	@scripts/test.sh

check: setup ## Formats, lints, generated files, links, house rules
	@scripts/check.sh

it: setup ## Run the jar on real clusters of both Flink lines, and with a real Kafka
	@scripts/it.sh

bench: setup ## Measure the job beside FlinkCEP, Groovy, Redis and others, in turns; BENCH=quick to see that it works; PART=service: the service under load; PART=notebook: the Python package
	@scripts/bench.sh

soak: setup ## Random cases against the oracle, kills on real clusters, fuzzers; PART=oracle|clusters|fuzz SEED=n, more in scripts/soak.sh
	@scripts/soak.sh

release: setup ## Build what is given away, in target/dist: glibc 2.28, the jar for x86_64 and aarch64
	@scripts/release.sh

fmt: setup ## Format everything
	@scripts/fmt.sh

clean: ## Remove what was built
	@scripts/clean.sh
