# Acquit: make help says what there is. Only Go is needed to build; the tests
# also want the programs that scripts/deps looks for.

SHELL       := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS   += --no-builtin-rules

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X main.version=$(VERSION)

# One package's tests may take long on a small machine that does other work.
TEST_TIMEOUT  := 25m
BENCH_TIMEOUT := 2h
BENCH         ?= .

TOOLS         := $(CURDIR)/bin/tools
GOLANGCI_LINT := v2.15.0
GOFUMPT       := v0.12.0

.DEFAULT_GOAL := help
.PHONY: help build demo test lint fmt bench generate clean deps

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# Without cgo no C compiler is asked for, and the binary runs on any machine of
# its kind.
build: ## build bin/acquit
	CGO_ENABLED=0 go build -trimpath -ldflags '$(LDFLAGS)' -o bin/acquit ./cmd/acquit

demo: build ## build, and open a realistic company in the browser
	bin/acquit demo

deps: ## install what the tests want and the machine lacks (as root, on Debian)
	@scripts/deps

test: deps ## vet, then every test: both database engines and the browser's
	go vet ./...
	go test -timeout $(TEST_TIMEOUT) ./...

lint: $(TOOLS)/golangci-lint ## the linters of .golangci.yml (the first time builds them: minutes)
	$(TOOLS)/golangci-lint run ./...

fmt: $(TOOLS)/gofumpt ## format the Go files
	git ls-files '*.go' ':!*_templ.go' | xargs $(TOOLS)/gofumpt -w

bench: ## the benchmarks; BENCH=pattern for some, see docs/performance.md
	go test -run '^$$' -bench '$(BENCH)' -benchmem -timeout $(BENCH_TIMEOUT) ./...

generate: ## write again what is written by programs: pages, the table of rooms
	go tool templ generate
	go test ./internal -run TestArchitecturePrintsTheTable -update

clean: ## remove what was built
	rm -rf bin dist

$(TOOLS)/golangci-lint:
	GOBIN=$(TOOLS) go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_LINT)

$(TOOLS)/gofumpt:
	GOBIN=$(TOOLS) go install mvdan.cc/gofumpt@$(GOFUMPT)
