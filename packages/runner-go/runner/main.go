// The program that runs Go cells: see docs/runners.md for what goes over descriptors 3 and 4. With --program it runs a
// whole program instead: see program.go.
package main

import (
	"fmt"
	"os"
	"runtime/debug"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "--program" {
		runProgram(os.Args[2:])
	}
	for _, name := range []string{"KERNELBOX_RUNNER_DIRECTORY", "GOTRACEBACK"} {
		_ = os.Unsetenv(name)
	}
	// How deep functions may go is watched; this is where the process would end.
	debug.SetMaxStack(4 << 30)
	r, err := newRunner(openFrames())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	r.greet()
	r.serve()
}
