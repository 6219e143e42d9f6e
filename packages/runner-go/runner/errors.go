package main

import (
	"errors"
	"fmt"
	"go/scanner"
	"reflect"
	"regexp"
	"runtime"
	"strconv"
	"strings"

	"github.com/traefik/yaegi/interp"
)

// failure is why a cell ended, as the host wants it.
type failure struct {
	name, message string
	line          int
	traceback     []string
}

func (f failure) fields() []string {
	line := ""
	if f.line > 0 {
		line = strconv.Itoa(f.line)
	}
	return []string{f.name, f.message, line, strings.Join(f.traceback, "\n")}
}

const runtimeError = "RuntimeError"

var placePattern = regexp.MustCompile(`([\w-]+)/_\.go:(\d+)(?::(\d+))?`)

// readable gives places in cells the cells' names.
func readable(text string) string {
	text = placePattern.ReplaceAllStringFunc(text, func(place string) string {
		return strings.Replace(place, "/"+sourceName, "", 1)
	})
	return strings.NewReplacer("/"+sourceName, "", mainName, "main").Replace(text)
}

// compileFailure is for a cell that did not run.
func compileFailure(err error, code, cell string) failure {
	text := err.Error()
	var list scanner.ErrorList
	if errors.As(err, &list) && len(list) > 0 {
		text = list[0].Error()
	}
	f := failure{name: "CompileError", message: readable(text)}
	if place := placePattern.FindStringSubmatchIndex(text); place != nil {
		if text[place[2]:place[3]] == cell {
			f.line, _ = strconv.Atoi(text[place[4]:place[5]])
		}
		// The brace is the runner's own.
		if last := strings.Count(code, "\n") + 1; list != nil && f.line > last {
			f.line = last
			text = strings.Replace(text, "found '}'", "found the end of the cell", 1)
		}
		if place[0] == 0 {
			f.message = readable(strings.TrimPrefix(text[place[1]:], ": "))
		}
	} else if list != nil {
		f.line = list[0].Pos.Line
		f.message = list[0].Msg
	}
	f.traceback = []string{readable(text)}
	for _, more := range list[min(1, len(list)):] {
		f.traceback = append(f.traceback, readable(more.Error()))
	}
	return f
}

// panicFailure is for a panic that nobody has recovered from.
func panicFailure(i *interp.Interpreter, value any, places []interp.PanicPlace, cell string) failure {
	f := failure{name: "Panic"}
	switch v := interp.Panicked(value).(type) {
	case runtime.Error:
		f.name, f.message = runtimeError, strings.TrimPrefix(v.Error(), "runtime error: ")
	case string:
		f.message = v
	case reflect.Value:
		shown := i.PanicValue(v)
		f.message = i.Text(shown)
		if r := shown.Reflect(); r.IsValid() && r.CanInterface() {
			if err, ok := r.Interface().(runtime.Error); ok {
				f.name, f.message = runtimeError, strings.TrimPrefix(err.Error(), "runtime error: ")
			}
		}
	case error:
		f.message = v.Error()
		if place := placePattern.FindStringIndex(f.message); place != nil && place[0] == 0 {
			// What yaegi itself finds wrong while it runs.
			f.name, f.message = runtimeError, strings.TrimPrefix(f.message[place[1]:], ": ")
		}
	default:
		f.message = fmt.Sprint(v)
	}
	f.message = readable(f.message)
	f.traceback = append(f.traceback, f.name+": "+f.message)
	for _, place := range places {
		if found := placePattern.FindStringSubmatch(place.Position); found != nil {
			if f.line == 0 && found[1] == cell {
				f.line, _ = strconv.Atoi(found[2])
			}
			f.traceback = append(f.traceback, fmt.Sprintf("  %s in %s", readable(place.Position), readable(place.Function)))
		}
	}
	return f
}
