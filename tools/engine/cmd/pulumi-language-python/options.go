package main

import (
	"fmt"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/pulumi/pulumi/sdk/v3/python/toolchain"
)

// resolve finds the Python that `runtime.options` of the project file asks for.
func resolve(info *pulumirpc.ProgramInfo) (toolchain.Toolchain, error) {
	options, err := parseOptions(info)
	if err != nil {
		return nil, err
	}
	return toolchain.ResolveToolchain(options)
}

func parseOptions(info *pulumirpc.ProgramInfo) (toolchain.PythonOptions, error) {
	parsed := toolchain.PythonOptions{Root: info.GetRootDirectory(), ProgramDir: info.GetProgramDirectory()}
	for name, value := range info.GetOptions().AsMap() {
		text, isText := value.(string)
		if !isText {
			return parsed, fmt.Errorf("runtime option %q must be a string, not %v", name, value)
		}
		switch name {
		case "virtualenv":
			parsed.Virtualenv = text
		case "toolchain":
			switch text {
			case "pip":
				parsed.Toolchain = toolchain.Pip
			case "poetry":
				parsed.Toolchain = toolchain.Poetry
			case "uv":
				parsed.Toolchain = toolchain.Uv
			default:
				return parsed, fmt.Errorf("runtime option toolchain must be pip, poetry or uv, not %q", text)
			}
		case "typechecker":
			switch text {
			case "mypy":
				parsed.Typechecker = toolchain.TypeCheckerMypy
			case "pyright":
				parsed.Typechecker = toolchain.TypeCheckerPyright
			default:
				return parsed, fmt.Errorf("runtime option typechecker must be mypy or pyright, not %q", text)
			}
		default:
			return parsed, fmt.Errorf("runtime option %q is not supported by this build of the Python host", name)
		}
	}
	return parsed, nil
}
