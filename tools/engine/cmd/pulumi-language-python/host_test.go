package main

import (
	"context"
	"os/exec"
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

func TestOptionsThatAreNotUnderstoodAreRefused(t *testing.T) {
	for _, options := range []map[string]any{
		{"toolchain": "conda"},
		{"typechecker": "mypy"},
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
