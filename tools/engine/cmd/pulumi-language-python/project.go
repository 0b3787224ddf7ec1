package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
)

// It prints what About answers. Python's `site` would take longer than all the rest, and is not asked for it.
var describePython = []string{"-S", "-c", "import sys; print(sys.version.split()[0]); print(sys.executable)"}

// About tells which Python a program would run on. The engine asks at the start of each command, so this is one
// process: the SDK's own helper starts three, pip among them, for a version of pip that the answer has no place for.
func (h *host) About(ctx context.Context, req *pulumirpc.AboutRequest) (*pulumirpc.AboutResponse, error) {
	python, err := resolve(req.GetInfo())
	if err != nil {
		return nil, err
	}
	cmd, err := python.Command(ctx, describePython...)
	if err != nil {
		return nil, err
	}
	said, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s does not run: %w", cmd.Path, err)
	}
	version, executable, _ := strings.Cut(strings.TrimSpace(string(said)), "\n")
	return &pulumirpc.AboutResponse{Executable: executable, Version: version}, nil
}

func (h *host) GetProgramDependencies(
	ctx context.Context, req *pulumirpc.GetProgramDependenciesRequest,
) (*pulumirpc.GetProgramDependenciesResponse, error) {
	python, err := resolve(req.GetInfo())
	if err != nil {
		return nil, err
	}
	packages, err := python.ListPackages(ctx, req.GetTransitiveDependencies())
	if err != nil {
		return nil, err
	}
	response := &pulumirpc.GetProgramDependenciesResponse{}
	for _, found := range packages {
		response.Dependencies = append(
			response.Dependencies, &pulumirpc.DependencyInfo{Name: found.Name, Version: found.Version})
	}
	return response, nil
}

// InstallDependencies is `pulumi install`: it fills the project's virtual environment.
func (h *host) InstallDependencies(
	req *pulumirpc.InstallDependenciesRequest,
	stream grpc.ServerStreamingServer[pulumirpc.InstallDependenciesResponse],
) error {
	ctx, done := h.untilCancelled(stream.Context())
	defer done()
	python, err := resolve(req.GetInfo())
	if err != nil {
		return err
	}
	closer, stdout, stderr, err := rpcutil.MakeInstallDependenciesStreams(stream, req.GetIsTerminal())
	if err != nil {
		return err
	}
	err = python.InstallDependencies(
		ctx, req.GetInfo().GetProgramDirectory(), req.GetUseLanguageVersionTools(), true, stdout, stderr)
	if closeErr := closer.Close(); err == nil {
		err = closeErr
	}
	return err
}
