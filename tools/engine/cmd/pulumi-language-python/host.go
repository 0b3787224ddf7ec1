package main

import (
	"context"
	"os/exec"
	"sync"
	"syscall"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/version"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/emptypb"
)

// The engine kills the host's process group 5 seconds after it asked the host to stop.
const terminationGrace = 3 * time.Second

// host answers the engine. Calls it has no method for are answered with Unimplemented, which the engine takes well.
type host struct {
	pulumirpc.UnimplementedLanguageRuntimeServer

	mu            sync.Mutex
	engineAddress string
	tracing       string

	alive          context.Context // ends when the host is told to stop or the engine is gone
	programs       context.Context // ends when the engine cancels
	cancelPrograms context.CancelFunc
}

func newHost(alive context.Context, engineAddress, tracing string) *host {
	h := &host{engineAddress: engineAddress, tracing: tracing, alive: alive}
	h.programs, h.cancelPrograms = context.WithCancel(alive)
	return h
}

func (h *host) Handshake(
	_ context.Context, request *pulumirpc.LanguageHandshakeRequest,
) (*pulumirpc.LanguageHandshakeResponse, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.engineAddress = request.EngineAddress
	return &pulumirpc.LanguageHandshakeResponse{}, nil
}

func (h *host) engine() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.engineAddress
}

func (h *host) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: version.Version}, nil
}

// GetRequiredPackages names none: a provider that a program turns out to need is looked up when it is needed.
func (h *host) GetRequiredPackages(
	context.Context, *pulumirpc.GetRequiredPackagesRequest,
) (*pulumirpc.GetRequiredPackagesResponse, error) {
	return &pulumirpc.GetRequiredPackagesResponse{}, nil
}

func (h *host) GetRequiredPlugins(
	context.Context, *pulumirpc.GetRequiredPluginsRequest,
) (*pulumirpc.GetRequiredPluginsResponse, error) {
	return &pulumirpc.GetRequiredPluginsResponse{}, nil
}

// Cancel ends what runs now. What is started later does run: an engine that attached can come more than once.
func (h *host) Cancel(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.cancelPrograms()
	h.programs, h.cancelPrograms = context.WithCancel(h.alive)
	return &emptypb.Empty{}, nil
}

// untilCancelled derives a context that ends with the request or when the engine cancels, whichever comes first.
func (h *host) untilCancelled(request context.Context) (context.Context, context.CancelFunc) {
	h.mu.Lock()
	defer h.mu.Unlock()
	ctx, cancel := context.WithCancel(request)
	forget := context.AfterFunc(h.programs, cancel)
	return ctx, func() {
		forget()
		cancel()
	}
}

// endGently makes a cancelled command get SIGTERM: on SIGINT Python prints a long traceback.
func endGently(cmd *exec.Cmd) {
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = terminationGrace
}
