// The program that runs Go cells: see docs/runners.md for what goes over descriptors 3 and 4.
package main

import (
	"fmt"
	"os"
	"runtime/debug"
)

func main() {
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
