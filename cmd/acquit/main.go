// Command acquit gets French companies paid without losing their customers:
// acquit help lists what it does.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"acquit/internal/app"
)

func main() {
	os.Exit(run())
}

// run ends with the first signal once what is under way is written down; a
// second one ends it at once.
func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	return app.Program(os.Getenv, os.Stdin, os.Stdout, os.Stderr, nil, stamp()).Run(ctx, os.Args)
}

// version is what make build writes here: the tag, and the commits since.
var version string

// stamp is the version, or what the Go toolchain wrote into the program.
func stamp() string {
	if version != "" {
		return version
	}
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}
