package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// The exit code by which the SDK's runner says that the user has already been told what went wrong.
const exitAlreadyReported = 32

// Run executes the program to its end. A failing program is an answer, not an error of the call.
func (h *host) Run(request context.Context, req *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	ctx, done := h.untilCancelled(request)
	defer done()
	cmd, err := h.programCommand(ctx, req)
	if err != nil {
		return &pulumirpc.RunResponse{Error: err.Error()}, nil
	}
	// The engine shows what a program prints by reading the host's own streams.
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return outcome(ctx, cmd.Run()), nil
}

func (h *host) programCommand(ctx context.Context, req *pulumirpc.RunRequest) (*exec.Cmd, error) {
	python, err := resolve(req.GetInfo())
	if err != nil {
		return nil, err
	}
	if err := python.ValidateVenv(ctx); err != nil {
		return nil, err
	}
	if err := checkTypes(ctx, python, req.GetInfo()); err != nil {
		return nil, err
	}
	config, err := configEnvironment(req.GetConfig(), req.GetConfigSecretKeys())
	if err != nil {
		return nil, err
	}
	runner, err := runnerScript()
	if err != nil {
		return nil, err
	}
	program := filepath.Join(req.GetInfo().GetProgramDirectory(), req.GetInfo().GetEntryPoint())
	cmd, err := python.Command(ctx, append(h.runnerArguments(runner, req), append([]string{program}, req.GetArgs()...)...)...)
	if err != nil {
		return nil, err
	}
	cmd.Env = environment(cmd, config...)
	endGently(cmd)
	return cmd, nil
}

func (h *host) runnerArguments(runner string, req *pulumirpc.RunRequest) []string {
	args := []string{
		"-u", runner,
		"--monitor", req.GetMonitorAddress(),
		"--engine", h.engine(),
		"--project", req.GetProject(),
		"--root_directory", req.GetInfo().GetRootDirectory(),
		"--stack", req.GetStack(),
		"--pwd", req.GetPwd(),
		"--parallel", strconv.Itoa(int(req.GetParallel())),
		"--dry_run", strconv.FormatBool(req.GetDryRun()),
		"--organization", req.GetOrganization(),
	}
	if h.tracing != "" {
		args = append(args, "--tracing", h.tracing)
	}
	return args
}

// runnerScript finds the SDK's script that runs a program; it is installed next to the host.
func runnerScript() (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	script := filepath.Join(filepath.Dir(self), "pulumi-language-python-exec")
	if _, err := os.Stat(script); err != nil {
		return "", fmt.Errorf("the Python host is not completely installed: %w", err)
	}
	return script, nil
}

func outcome(ctx context.Context, err error) *pulumirpc.RunResponse {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return &pulumirpc.RunResponse{}
	case ctx.Err() != nil:
		// The engine cancelled, and says so itself.
		return &pulumirpc.RunResponse{Bail: true}
	case !errors.As(err, &exit):
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("the program could not be run: %v", startFailure(err))}
	case exit.ExitCode() == exitAlreadyReported:
		return &pulumirpc.RunResponse{Bail: true}
	case exit.ExitCode() < 0:
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("the program was ended by a signal: %v", exit)}
	default:
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("the program ended with exit code %d", exit.ExitCode())}
	}
}

// startFailure says what the kernel's own words do not: that the configuration is too long, and what to do.
func startFailure(err error) error {
	if errors.Is(err, syscall.E2BIG) {
		return errors.New("the stack's configuration is too long for the one environment variable that carries it " +
			"(131,072 bytes on Linux): keep a long list, such as numbers, in a file of the project and name it in the " +
			"configuration (pulumi config set file numbers.yaml)")
	}
	return err
}

// configEnvironment is how the Python SDK expects the stack's configuration.
func configEnvironment(config map[string]string, secretKeys []string) ([]string, error) {
	// JSON's null, which a nil map or slice would become, is no valid value for the SDK.
	if config == nil {
		config = map[string]string{}
	}
	if secretKeys == nil {
		secretKeys = []string{}
	}
	values, err := json.Marshal(config)
	if err != nil {
		return nil, err
	}
	keys, err := json.Marshal(secretKeys)
	if err != nil {
		return nil, err
	}
	return []string{"PULUMI_CONFIG=" + string(values), "PULUMI_CONFIG_SECRET_KEYS=" + string(keys)}, nil
}

// environment is what the command would get, its own where the toolchain has set one, else the host's, and what is
// added to it, with the engine's address kept out of every proxy.
func environment(cmd *exec.Cmd, more ...string) []string {
	own := cmd.Env
	if own == nil {
		own = os.Environ()
	}
	return pastProxies(append(own[:len(own):len(own)], more...))
}
