package main

import (
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"runtime/metrics"
	"sync"
	"syscall"
	"time"
	"unsafe"

	"github.com/traefik/yaegi/interp"
)

const (
	// What was stopped and is still in a function of Go's after this is left there; it does not come back.
	patience = 300 * time.Millisecond
	lookEach = 5 * time.Millisecond
)

// runner takes requests, and says how cells went.
type runner struct {
	frames   *frames
	engine   *engine
	requests chan frame
	signals  chan os.Signal

	mutex sync.Mutex
	// The end of the running cell that did not come from its last statement; nil where no cell runs.
	stopping chan stop
	cell     string
}

// stop is why a cell is stopped; nothing: it was interrupted.
type stop struct {
	failure *failure
}

func newRunner(f *frames) (*runner, error) {
	r := &runner{frames: f, requests: make(chan frame), signals: make(chan os.Signal, 1)}
	// The code may set its own; between cells nothing happens.
	signal.Notify(r.signals, os.Interrupt)
	display := &display{frames: f}
	e, err := newEngine(display.symbols(), r.ownSymbols())
	if err != nil {
		return nil, err
	}
	r.engine, display.engine = e, e
	e.interp.OnGoroutinePanic(func(value any, places []interp.PanicPlace) {
		r.mutex.Lock()
		cell := r.cell
		r.mutex.Unlock()
		failed := panicFailure(e.interp, value, places, cell)
		failed.message += " (in a goroutine)"
		r.stop(&failed)
	})
	os.KernelboxExit = r.exit
	os.KernelboxBeforeStdout = r.keepOrder
	return r, nil
}

func (r *runner) greet() {
	r.frames.emit("ready", "1", runtime.Version()[len("go"):], "complete", "inspect", "check", "variables")
}

// serve answers requests until the host has gone.
func (r *runner) serve() {
	go r.read()
	var arguments []string
	variables := map[string]string{}
	for request := range r.requests {
		switch request.name {
		case "arg":
			arguments = append(arguments, request.field(0))
		case "env":
			variables[request.field(0)] = request.field(1)
		case "run":
			r.run(request.field(0), request.field(1), arguments, variables)
			arguments, variables = nil, map[string]string{}
		default:
			r.engine.answer(r.frames, request)
		}
	}
}

func (r *runner) read() {
	for {
		request, ok := r.frames.receive()
		if !ok {
			// The host has gone, and whatever still runs has nobody to run for.
			syscall.Exit(0)
		}
		if request.name == "synced" {
			select {
			case r.frames.synced <- request.field(0):
			default:
			}
			continue
		}
		r.requests <- request
	}
}

type outcome struct {
	values  []interp.Value
	failure *failure
}

func (r *runner) run(code, name string, arguments []string, variables map[string]string) {
	for len(r.signals) > 0 {
		<-r.signals
	}
	restore := setVariables(variables)
	defer restore()
	os.Args = append([]string{name}, arguments...)
	flag.CommandLine = flag.NewFlagSet(name, flag.ExitOnError)
	stopping := make(chan stop, 1)
	r.mutex.Lock()
	r.stopping, r.cell = stopping, name
	r.mutex.Unlock()
	interp.SkipDeferred.Store(false)
	r.engine.interp.PanicPlaces()
	r.frames.emit("running", fmt.Sprint(os.Getpid()), "")
	ended := make(chan outcome, 1)
	go r.evaluate(code, name, ended)
	result := r.wait(ended, stopping, name)
	r.mutex.Lock()
	r.stopping = nil
	r.mutex.Unlock()
	switch {
	case result == nil:
		r.frames.emit("interrupted")
	case result.failure != nil:
		r.frames.emit("error", result.failure.fields()...)
	default:
		if bundle := r.engine.bundle(result.values); bundle != nil {
			r.frames.emit("result", bundle...)
		}
		r.frames.emit("ok")
	}
}

// wait gives the end of the cell; nil when it was interrupted.
func (r *runner) wait(ended <-chan outcome, stopping <-chan stop, cell string) *outcome {
	look := time.NewTicker(lookEach)
	defer look.Stop()
	limit := deepestStacks()
	var why stop
	for isRunning := true; isRunning; {
		select {
		case result := <-ended:
			select {
			case why = <-stopping:
				// It was told to stop, and that is how it ended.
				return &outcome{failure: why.failure}
			default:
				return &result
			}
		case <-r.signals:
			isRunning = false
		case why = <-stopping:
			isRunning = false
		case <-look.C:
			if stacksInUse() > limit {
				why.failure = &failure{
					name:      "StackOverflow",
					message:   "functions called each other too deeply: is there a recursion without an end?",
					traceback: []string{"StackOverflow in " + cell},
				}
				isRunning = false
			}
		}
	}
	r.engine.interp.Stop()
	select {
	case <-ended:
	case <-time.After(patience):
	}
	runtime.GC()
	if why.failure == nil {
		return nil
	}
	return &outcome{failure: why.failure}
}

func (r *runner) evaluate(code, name string, ended chan<- outcome) {
	// Whatever way this goroutine ends in, the cell has ended; of two ends the first counts.
	defer func() {
		select {
		case ended <- outcome{}:
		default:
		}
	}()
	steps, err := r.engine.compile(code, name)
	if err != nil {
		failed := compileFailure(err, code, name)
		ended <- outcome{failure: &failed}
		return
	}
	values, err := r.engine.run(steps)
	switch e := err.(type) {
	case nil:
		ended <- outcome{values: values}
	case interp.Panic:
		failed := panicFailure(r.engine.interp, e.Value, r.engine.interp.PanicPlaces(), name)
		ended <- outcome{failure: &failed}
	default:
		failed := compileFailure(err, code, name)
		ended <- outcome{failure: &failed}
	}
}

// stop ends the running cell, from whatever goroutine.
func (r *runner) stop(why *failure) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.stopping == nil {
		// What an earlier cell has left behind.
		if why != nil {
			fmt.Fprintf(os.Stderr, "%s: %s\n", why.name, why.message)
		}
		return
	}
	select {
	case r.stopping <- stop{why}:
	default:
	}
}

// exit is what os.Exit does: the cell ends, and the process goes on.
func (r *runner) exit(code int) {
	interp.SkipDeferred.Store(true)
	r.stop(&failure{
		name:      "Exit",
		message:   fmt.Sprintf("the code called os.Exit(%d)", code),
		traceback: []string{fmt.Sprintf("Exit: os.Exit(%d)", code)},
	})
	runtime.Goexit()
}

// keepOrder lets the host take what is in stderr before something is written to stdout.
func (r *runner) keepOrder() {
	var waiting int32
	_, _, err := syscall.Syscall(syscall.SYS_IOCTL, 2, syscall.TIOCINQ, uintptr(unsafe.Pointer(&waiting)))
	if err == 0 && waiting > 0 {
		r.frames.sync(r.engine.interp.Done())
	}
}

// setVariables sets the environment of one run; what it returns puts it back.
func setVariables(variables map[string]string) (restore func()) {
	type saved struct {
		value string
		isSet bool
	}
	before := map[string]saved{}
	for name, value := range variables {
		old, isSet := os.LookupEnv(name)
		before[name] = saved{old, isSet}
		_ = os.Setenv(name, value)
	}
	return func() {
		for name, old := range before {
			if old.isSet {
				_ = os.Setenv(name, old.value)
			} else {
				_ = os.Unsetenv(name)
			}
		}
	}
}

var stackSample = []metrics.Sample{{Name: "/memory/classes/heap/stacks:bytes"}}

func stacksInUse() uint64 {
	metrics.Read(stackSample)
	return stackSample[0].Value.Uint64()
}
