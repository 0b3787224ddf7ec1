// Command pulumi-language-python lets the Pulumi engine run Python programs and policy packs.
//
// The engine starts it, reads the port from the first line of its standard output, and calls it over gRPC. It is
// built where no Pulumi is installed, and does what this project needs of the official host: it never
// installs plugins, never attaches a debugger and generates no packages.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/cmdutil"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/logging"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
)

// A host whose engine was killed must not outlive it, nor keep its program running.
const engineHealthInterval = 10 * time.Second

func main() {
	// A set of its own: a dependency has put flags of the same names into the common one.
	flags := flag.NewFlagSet("pulumi-language-python", flag.ExitOnError)
	tracing := flags.String("tracing", "", "where to send tracing data")
	logToStderr := flags.Bool("logtostderr", false, "log to standard error")
	verbose := flags.Int("v", 0, "log level")
	_ = flags.Parse(os.Args[1:]) // ends the process when it fails
	logging.InitLogging(*logToStderr, *verbose, false)
	cmdutil.InitTracing("pulumi-language-python", "pulumi-language-python", *tracing)

	// With no address the engine attaches to a host that someone started by hand, and tells it by Handshake.
	if err := serve(flags.Arg(0), *tracing); err != nil {
		fmt.Fprintf(os.Stderr, "pulumi-language-python: %v\n", err)
		os.Exit(1)
	}
}

func serve(engineAddress, tracing string) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if engineAddress != "" {
		if err := rpcutil.Healthcheck(ctx, engineAddress, engineHealthInterval, stop); err != nil {
			return fmt.Errorf("cannot watch the engine at %s: %w", engineAddress, err)
		}
	}

	shutdown := make(chan bool)
	context.AfterFunc(ctx, func() { close(shutdown) })
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Cancel: shutdown,
		Init: func(server *grpc.Server) error {
			pulumirpc.RegisterLanguageRuntimeServer(server, newHost(ctx, engineAddress, tracing))
			return nil
		},
		Options: rpcutil.TracingServerInterceptorOptions(nil),
	})
	if err != nil {
		return err
	}
	fmt.Printf("%d\n", handle.Port)
	return <-handle.Done
}
