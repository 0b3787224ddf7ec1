package main

import (
	"bytes"
	"context"
	"fmt"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/pulumi/pulumi/sdk/v3/python/toolchain"
)

// checkTypes runs the type checker that the project file asks for, and answers what it found as an error. The
// checker comes from the project's own virtual environment; nothing is installed for it.
func checkTypes(ctx context.Context, python toolchain.Toolchain, info *pulumirpc.ProgramInfo) error {
	checker, isSet := info.GetOptions().AsMap()["typechecker"].(string)
	if !isSet {
		return nil
	}
	cmd, err := python.ModuleCommand(ctx, checker, info.GetProgramDirectory())
	if err != nil {
		return err
	}
	var said bytes.Buffer
	cmd.Dir = info.GetRootDirectory()
	cmd.Stdout, cmd.Stderr = &said, &said
	endGently(cmd)
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("the program's types were not accepted by %s (%w):\n%s", checker, err, said.String())
	}
	return nil
}
