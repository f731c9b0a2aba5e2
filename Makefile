# navicert: make prints this help.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
export CGO_ENABLED ?= 0
export PATH := $(CURDIR)/.cache/node/node_modules/.bin:$(PATH)

GO ?= go
FUZZTIME ?= 30s
BENCHTIME ?= 1s
SOAKTIME ?= 30m

.PHONY: help
help: ## Print this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: build
build: ## Build bin/navicert
	$(GO) build -trimpath -o bin/navicert ./cmd/navicert

.PHONY: demo
demo: ## Build the demo data and serve it at http://127.0.0.1:8080
	$(GO) run ./cmd/navicert demo

.PHONY: test
test: prepare check race web-test ## Everything CI runs: checks, all tests, the race detector, the web app in a browser

.PHONY: prepare
prepare: ## Install what the tests need (C compiler, Node, Chromium, mosquitto), where it can
	./tools/prepare.sh

# A profile guides how bin/navicert is compiled. Tests are compiled without: it would compile everything twice.
check race golden fuzz soak kills: export GOFLAGS := $(GOFLAGS) -pgo=off

.PHONY: check
check: fmt-check ## Format, vet, staticcheck, all Go tests (a few minutes)
	$(GO) vet ./...
	$(GO) tool staticcheck ./...
	$(GO) test ./...

.PHONY: fmt
fmt: ## Format the code
	$(GO) tool gofumpt -w $$(git ls-files '*.go')

.PHONY: fmt-check
fmt-check:
	@out=$$($(GO) tool gofumpt -l $$(git ls-files '*.go')); if [ -n "$$out" ]; then echo "make fmt would change:"; echo "$$out"; exit 1; fi

# -short leaves out what check has run and the detector learns nothing from: much real data on one goroutine.
.PHONY: race
race: ## The tests again under the race detector (needs a C compiler), without the long ones
	@if command -v gcc >/dev/null || command -v cc >/dev/null; then \
	  CGO_ENABLED=1 $(GO) test -race -short -timeout 20m ./...; \
	elif [ -n "$${CI:-}" ]; then echo "the race detector needs a C compiler"; exit 1; \
	else echo "race: skipped, there is no C compiler"; fi

.PHONY: web
web: ## Rebuild the web app's files (needs Node 20)
	cd web && npm ci --no-audit --no-fund && npm run build

.PHONY: web-test
web-test: ## Check and test the web app in Chromium, and that its built files are fresh
	./web/test.sh

.PHONY: golden
golden: ## Rewrite the golden files; read the diff like code
	@grep -rlE 'flag\.Bool\("update"' --include=*_test.go . | xargs -n1 dirname | sort -u | xargs -I{} $(GO) test {} -update

.PHONY: fuzz
fuzz: ## Run every fuzz target for FUZZTIME (30s); FUZZ=Type names some of them
	@grep -rlE '^func Fuzz' --include=*_test.go . | xargs -n1 dirname | sort -u | while read -r d; do \
	  for f in $$(grep -hoE '^func Fuzz[A-Za-z0-9_]*$(FUZZ)[A-Za-z0-9_]*' $$d/*_test.go | sed 's/func //'); do \
	    echo "== $$d $$f"; $(GO) test $$d -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 1s \
	      -args -test.fuzzcachedir=$(CURDIR)/.cache/fuzz/$$f; done; done

.PHONY: corpus
corpus: ## Add to the committed corpora what make fuzz has found
	./tools/corpus.sh .cache/fuzz

.PHONY: soak
soak: ## Send 20,000 sentences/s over TCP and UDP for SOAKTIME (30m), cut and resume them, account for all
	$(GO) test ./feed -run '^TestSoak$$' -v -timeout 0 -soak $(SOAKTIME)

.PHONY: kills
kills: ## Kill replays of each of two inputs and the sealing of 10,000 certificates a hundred times each
	$(GO) test ./cmd/navicert -run '^TestKilledReplayGoesOn$$' -v -timeout 0 -replaykills 200
	$(GO) test ./app -run '^TestSealKilled$$' -v -timeout 0 -sealkills 100 -sealcertificates 10000

.PHONY: bench
bench: ## Print sentences/s, rows/s, memory, checks/s beside the bars and others' figures
	./tools/bench.sh $(BENCHTIME)

.PHONY: pgo
pgo: ## Measure anew the profile that guides how bin/navicert is compiled (on a quiet machine)
	./tools/pgo.sh
