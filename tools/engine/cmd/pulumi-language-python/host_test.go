package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/structpb"
)

func withOptions(t *testing.T, options map[string]any) *pulumirpc.ProgramInfo {
	t.Helper()
	fields, err := structpb.NewStruct(options)
	if err != nil {
		t.Fatal(err)
	}
	return &pulumirpc.ProgramInfo{RootDirectory: "/project", ProgramDirectory: "/project/program", Options: fields}
}

// withPython makes a project whose virtual environment `venv` has a shell script for its Python.
func withPython(t *testing.T, script string) string {
	t.Helper()
	root := t.TempDir()
	python := filepath.Join(root, "venv", "bin", "python")
	if err := os.MkdirAll(filepath.Dir(python), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(python, []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil { //nolint:gosec // a program
		t.Fatal(err)
	}
	return root
}

func about(t *testing.T, root string) (*pulumirpc.AboutResponse, error) {
	t.Helper()
	info := withOptions(t, map[string]any{"virtualenv": "venv"})
	info.RootDirectory, info.ProgramDirectory = root, root
	return (&host{}).About(context.Background(), &pulumirpc.AboutRequest{Info: info})
}

func TestThePythonOfAProgramIsAskedOnceAndWithoutPip(t *testing.T) {
	root := withPython(t, "echo \"$@\" >> \"${0%python}asked\"; echo 3.12.1; echo '/a b/python'")
	response, err := about(t, root)
	if err != nil {
		t.Fatal(err)
	}
	if response.GetVersion() != "3.12.1" || response.GetExecutable() != "/a b/python" {
		t.Errorf("got %v", response)
	}
	asked, err := os.ReadFile(filepath.Join(root, "venv", "bin", "asked"))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(asked); strings.Count(got, "\n") != 1 || strings.Contains(got, "pip") {
		t.Errorf("Python was started for:\n%s", got)
	}
}

func TestAPythonThatDoesNotRunIsNamed(t *testing.T) {
	root := withPython(t, "exit 3")
	if _, err := about(t, root); err == nil || !strings.Contains(err.Error(), root+"/venv/bin/python does not run") {
		t.Errorf("got %v", err)
	}
}

func TestOptionsThatAreNotUnderstoodAreRefused(t *testing.T) {
	for _, options := range []map[string]any{
		{"toolchain": "conda"},
		{"typechecker": "pylint"},
		{"typecheck": "mypy"},
		{"virtualenv": true},
	} {
		if _, err := parseOptions(withOptions(t, options)); err == nil {
			t.Errorf("%v was accepted", options)
		}
	}
	parsed, err := parseOptions(withOptions(t, map[string]any{"toolchain": "uv", "virtualenv": ".venv"}))
	if err != nil || parsed.Virtualenv != ".venv" || parsed.Root != "/project" {
		t.Errorf("got %+v, %v", parsed, err)
	}
}

func TestTheProgramsTypesAreCheckedWhereTheProjectAsks(t *testing.T) {
	root := withPython(t, "echo \"$@\"; test \"$2\" = mypy")
	for _, checker := range []string{"mypy", "pyright", ""} {
		options := map[string]any{"virtualenv": "venv"}
		if checker != "" {
			options["typechecker"] = checker
		}
		info := withOptions(t, options)
		info.RootDirectory, info.ProgramDirectory = root, root
		python, err := resolve(info)
		if err != nil {
			t.Fatal(err)
		}
		err = checkTypes(context.Background(), python, info)
		if (err != nil) != (checker == "pyright") {
			t.Errorf("%q: got %v", checker, err)
		}
		if err != nil && !strings.Contains(err.Error(), "-m pyright "+root) {
			t.Errorf("what the checker said is missing: %v", err)
		}
	}
}

func TestLoopbackIsKeptOutOfEveryProxy(t *testing.T) {
	for _, c := range []struct{ environment, noProxy, noGrpcProxy string }{
		{"", loopback, loopback},
		{"http_proxy=http://proxy:3128", loopback, loopback},
		{"no_proxy=a.example", "a.example," + loopback, "a.example," + loopback},
		{"NO_PROXY=a.example", "a.example," + loopback, "a.example," + loopback},
		{"NO_PROXY=a.example no_proxy=b.example", "b.example," + loopback, "b.example," + loopback},
		{"no_grpc_proxy=c.example no_proxy=b.example", "b.example," + loopback, "c.example," + loopback},
		{"no_proxy=a.example no_proxy=b.example", "b.example," + loopback, "b.example," + loopback},
		{"no_proxy=*", "*", "*," + loopback},
	} {
		got := pastProxies(strings.Fields(c.environment))
		if value := firstOf(got, "no_proxy"); value != c.noProxy {
			t.Errorf("%q: no_proxy is %q", c.environment, value)
		}
		if value := firstOf(got, "no_grpc_proxy"); value != c.noGrpcProxy {
			t.Errorf("%q: no_grpc_proxy is %q", c.environment, value)
		}
	}
}

func TestWhatTheEngineAddsToTheEnvironmentKeepsLoopbackOutOfProxiesToo(t *testing.T) {
	got := environment(&exec.Cmd{Env: []string{"no_proxy=a.example"}}, "no_proxy=b.example", "KEY=value")
	if value := firstOf(got, "no_proxy"); value != "b.example,"+loopback || firstOf(got, "KEY") != "value" {
		t.Errorf("got %v", got)
	}
}

func TestAProgramWithoutConfigurationGetsEmptyJSON(t *testing.T) {
	environment, err := configEnvironment(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(environment, " "); got != "PULUMI_CONFIG={} PULUMI_CONFIG_SECRET_KEYS=[]" {
		t.Errorf("got %s", got)
	}
}

func TestHowAProgramEndsIsTold(t *testing.T) {
	cases := map[string]struct {
		bail bool
		says string
	}{
		"exit 0":      {false, ""},
		"exit 32":     {true, ""},
		"exit 3":      {false, "exit code 3"},
		"kill -9 $$":  {false, "signal: killed"},
		"kill -15 $$": {false, "signal: terminated"},
	}
	for script, want := range cases {
		got := outcome(context.Background(), exec.Command("sh", "-c", script).Run())
		if got.GetBail() != want.bail || !strings.Contains(got.GetError(), want.says) || (want.says == "") != (got.GetError() == "") {
			t.Errorf("%s: got bail %t, error %q", script, got.GetBail(), got.GetError())
		}
	}
}

func TestAConfigurationThatIsTooLongIsToldAsSuch(t *testing.T) {
	config, err := configEnvironment(map[string]string{"project:numbers": strings.Repeat("x", 3<<20)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("true")
	cmd.Env = config
	said := outcome(context.Background(), cmd.Run()).GetError()
	if !strings.Contains(said, "configuration is too long") || strings.Contains(said, "argument list") {
		t.Errorf("got %q", said)
	}
}

func TestACancelledProgramEndsGently(t *testing.T) {
	h := newHost(context.Background(), "", "")
	ctx, done := h.untilCancelled(context.Background())
	defer done()
	cmd := exec.CommandContext(ctx, "sh", "-c", "trap 'exit 7' TERM; echo ready; while :; do sleep 0.05; done")
	endGently(cmd)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := stdout.Read(make([]byte, 8)); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Cancel(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	err = cmd.Wait()
	if cmd.ProcessState.ExitCode() != 7 {
		t.Errorf("the program could not end by itself: %v", err)
	}
	if got := outcome(ctx, err); !got.GetBail() || got.GetError() != "" {
		t.Errorf("a cancelled program is reported twice: %v", got)
	}
	later, done := h.untilCancelled(context.Background())
	defer done()
	if later.Err() != nil {
		t.Error("a cancelled host runs nothing any more")
	}
}

func TestAProgramIsGenerated(t *testing.T) {
	response, err := (&host{}).GenerateProgram(context.Background(), &pulumirpc.GenerateProgramRequest{
		Source:       map[string]string{"main.pp": "output greeting { value = \"hello\" }\n"},
		LoaderTarget: "127.0.0.1:1",
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := string(response.GetSource()["__main__.py"]); !strings.Contains(got, `pulumi.export("greeting", "hello")`) {
		t.Errorf("got %q, %v", got, response.GetDiagnostics())
	}
}

func TestWhatCannotBeGeneratedIsSaid(t *testing.T) {
	response, err := (&host{}).GenerateProgram(context.Background(), &pulumirpc.GenerateProgramRequest{
		Source:       map[string]string{"main.pp": "output greeting {\n"},
		LoaderTarget: "127.0.0.1:1",
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(response.GetDiagnostics()) == 0 || len(response.GetSource()) != 0 {
		t.Errorf("got %v", response)
	}
}
