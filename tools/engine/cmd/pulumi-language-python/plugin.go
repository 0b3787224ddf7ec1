package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"

	"github.com/pulumi/pulumi/sdk/v3"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
)

// RunPlugin runs a policy pack, or another plugin written in Python, until the engine closes the call.
func (h *host) RunPlugin(
	req *pulumirpc.RunPluginRequest, stream grpc.ServerStreamingServer[pulumirpc.RunPluginResponse],
) error {
	ctx, done := h.untilCancelled(stream.Context())
	defer done()
	closer, stdout, stderr, err := rpcutil.MakeRunPluginStreams(stream, false)
	if err != nil {
		return err
	}
	defer closer.Close() //nolint:errcheck // nothing is left to write

	if req.GetKind() == "analyzer" {
		err = runPolicyPack(ctx, req, stdout, stderr)
	} else {
		err = runProgramAsPlugin(ctx, req, stdout, stderr)
	}
	var exit *exec.ExitError
	switch {
	case err == nil || ctx.Err() != nil:
		return nil
	case errors.As(err, &exit):
		return stream.Send(&pulumirpc.RunPluginResponse{
			Output: &pulumirpc.RunPluginResponse_Exitcode{Exitcode: int32(exit.ExitCode())},
		})
	default:
		return err
	}
}

// runPolicyPack puts the SDK's proxy between the engine and the pack: the pack learns its stack from environment
// variables, and these are known only after the engine has configured what it believes to be the pack.
func runPolicyPack(ctx context.Context, req *pulumirpc.RunPluginRequest, stdout, stderr io.Writer) error {
	proxy, packStdout, err := sdk.NewPolicyProxy(ctx, stdout)
	if err != nil {
		return err
	}
	stack, err := proxy.AwaitConfiguration(ctx)
	if err != nil {
		return err
	}
	stackEnvironment, err := policyEnvironment(stack)
	if err != nil {
		return err
	}
	pack := req.GetInfo().GetProgramDirectory()
	args := append([]string{"-u", "-m", "pulumi.policy"}, append(req.GetArgs(), pack)...)
	cmd, err := pluginCommand(ctx, req, args)
	if err != nil {
		return err
	}
	cmd.Dir = pack
	cmd.Env = append(cmd.Env, stackEnvironment...)
	cmd.Stdout, cmd.Stderr = packStdout, stderr
	if err := cmd.Start(); err != nil {
		return startFailure(err)
	}
	return proxy.Attach(ctx, cmd)
}

func runProgramAsPlugin(ctx context.Context, req *pulumirpc.RunPluginRequest, stdout, stderr io.Writer) error {
	cmd, err := pluginCommand(ctx, req, append([]string{"-u", req.GetInfo().GetProgramDirectory()}, req.GetArgs()...))
	if err != nil {
		return err
	}
	cmd.Dir = req.GetPwd()
	cmd.Stdout, cmd.Stderr = stdout, stderr
	return cmd.Run()
}

func pluginCommand(ctx context.Context, req *pulumirpc.RunPluginRequest, args []string) (*exec.Cmd, error) {
	python, err := resolve(req.GetInfo())
	if err != nil {
		return nil, err
	}
	if err := python.ValidateVenv(ctx); err != nil {
		return nil, err
	}
	cmd, err := python.Command(ctx, args...)
	if err != nil {
		return nil, err
	}
	cmd.Env = environment(cmd, req.GetEnv()...)
	endGently(cmd)
	return cmd, nil
}

func policyEnvironment(stack *pulumirpc.AnalyzerStackConfigureRequest) ([]string, error) {
	if stack == nil {
		return nil, nil // `pulumi policy publish` and its like know no stack
	}
	config, err := configEnvironment(stack.GetConfig(), stack.GetConfigSecretKeys())
	if err != nil {
		return nil, err
	}
	return append(
		config,
		"PULUMI_STACK="+stack.GetStack(),
		"PULUMI_PROJECT="+stack.GetProject(),
		"PULUMI_ORGANIZATION="+stack.GetOrganization(),
		fmt.Sprintf("PULUMI_DRY_RUN=%t", stack.GetDryRun()),
	), nil
}
