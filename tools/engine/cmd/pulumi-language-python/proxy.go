package main

import "strings"

// Where programs and policy packs find the engine, and a sandbox: never behind a proxy.
const loopback = "localhost,127.0.0.1,127.0.0.0/8,::1"

// pastProxies keeps the loopback addresses out of every proxy that the environment names, and all that the user
// keeps out of it already. gRPC for Python takes http_proxy for the engine's own address too, and reads
// no_grpc_proxy in place of no_proxy where that is set.
func pastProxies(environment []string) []string {
	exceptions := firstOf(environment, "no_proxy", "NO_PROXY")
	environment = append(environment, "no_grpc_proxy="+extended(firstOf(environment, "no_grpc_proxy", "no_proxy", "NO_PROXY")))
	// A lone asterisk means every address, and means it only while it is alone.
	if strings.TrimSpace(exceptions) != "*" {
		environment = append(environment, "no_proxy="+extended(exceptions))
	}
	return environment
}

func extended(exceptions string) string {
	if exceptions == "" {
		return loopback
	}
	return exceptions + "," + loopback
}

// firstOf reads the first of these variables that has a value; of one that is there twice the last counts, as it
// does for a program that is started with it.
func firstOf(environment []string, names ...string) string {
	for _, name := range names {
		found := ""
		for _, entry := range environment {
			if value, isIt := strings.CutPrefix(entry, name+"="); isIt {
				found = value
			}
		}
		if found != "" {
			return found
		}
	}
	return ""
}
