# `make` alone lists the targets. ARGS="..." goes to the program that a target runs.

SHELL := bash
.SHELLFLAGS := -o pipefail -c

# One thing at a time, and with the terminal itself, whatever flags `make` is given.
.NOTPARALLEL:
MAKEFLAGS += --output-sync=none

.PHONY: help setup run test lint bench truth exact sanitize soak clean

linted := $(wildcard Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources)

# Of what the tests say, the failures, the skipped and the verdict are shown; all of it is in tests.log.
# $(1): the build folder; $(2): more flags; $(3): more flags for the run alone
define run-tests
	swift build --build-tests --scratch-path $(1) $(2)
	swift test --skip-build --disable-xctest --scratch-path $(1) $(2) $(3) $(ARGS) 2>&1 \
		| tee $(1)/tests.log | sed -u -E '/^✔ Test run/b; /^(◇|✔) /{ :more; /(started|seconds)\.$$/d; $$!{ N; b more; }; }'
endef

help:
	@sed -n -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' Makefile | expand -t 20

setup: ## install what the system lacks to build and run
	@.ci/setup

# The dashboard draws with more than ASCII: where no locale is set, it gets the UTF-8 one that every Debian has.
ifeq ($(LC_ALL)$(LC_CTYPE)$(LANG),)
run: export LC_CTYPE := C.UTF-8
endif
run: setup ## open the dashboard on the demo; ARGS="check FILE" and the like run other commands
	@swift build --configuration release --product sagascope >&2
	@exec .build/release/sagascope $(ARGS)

# Module by module, and without what only a debugger or an editor reads: a fresh build takes half the time.
quick := -debug-info-format none -Xswiftc -whole-module-optimization -Xswiftc -no-emit-module-separately-wmo \
	-Xswiftc -num-threads -Xswiftc 2 -Xswiftc -index-ignore-system-modules -Xswiftc -index-ignore-clang-modules

test: setup lint ## check the format and run every test; ARGS="--filter Sagas" runs some
	$(call run-tests,.build,$(quick))

lint: setup ## check the format of the source
	swift format lint --strict --parallel --recursive $(linted)

bench: setup ## measure speed, beside the references
	swift build --configuration release --product sagascope
	swift run --configuration release --package-path Benchmarks bench $(ARGS)

truth: setup ## compare simulated queues with theory, and back-off with the original
	swift run --configuration release --package-path Benchmarks truth $(ARGS)

exact: setup ## compare hits with those of independent programs on published traces, to the last one
	swift run --configuration release --package-path Benchmarks exact

# Leaks are not looked for: the test runner itself has one. No program crashes on purpose here: both sanitizers object
# to what Swift's backtracer does then.
without-crashes := --skip 'EndingTests/(endings|backtrace|killed)'
sanitize: export ASAN_OPTIONS := detect_leaks=0
sanitize: setup ## run every test under the thread and address sanitizers
	$(call run-tests,.build-thread,--sanitize thread,$(without-crashes))
	$(call run-tests,.build-address,--sanitize address -Xswiftc -use-ld=lld,$(without-crashes))

# A storm that fails is kept as a file, with the command that shows it at the moment at which it goes wrong.
soak: export SAGASCOPE_STORMS ?= 1000
soak: setup ## storms of random faults in event stores, projections, sagas, choreographies, caches and gateways: SAGASCOPE_STORMS=1000 of each
	swift build --build-tests --configuration release -Xswiftc -enable-testing --scratch-path .build-soak
	swift test --skip-build --disable-xctest --configuration release -Xswiftc -enable-testing \
		--scratch-path .build-soak --filter StormTests $(ARGS)

clean: ## remove everything that was built
	rm -rf .build .build-thread .build-address .build-soak Benchmarks/.build
