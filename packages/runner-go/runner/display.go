package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"os"
	"reflect"

	"github.com/traefik/yaegi/interp"
)

// display is the package "kb" of the cells.
type display struct {
	frames *frames
	engine *engine
}

func (d *display) symbols() interp.Exports {
	text := func(mediaType string) reflect.Value {
		return reflect.ValueOf(func(text string) { d.show(mediaType, text) })
	}
	return interp.Exports{"kb/kb": {
		"HTML":     text("text/html"),
		"Markdown": text("text/markdown"),
		"SVG":      text("image/svg+xml"),
		"LaTeX":    text("text/latex"),
		"JSON":     reflect.ValueOf(d.json),
		"PNG":      reflect.ValueOf(d.png),
		"JPEG":     reflect.ValueOf(func(data []byte) { d.show("image/jpeg", string(data)) }),
		"File":     reflect.ValueOf(d.file),
	}}
}

// show shows something, in its place among what is printed.
func (d *display) show(bundle ...string) {
	d.frames.emit("display", append([]string{""}, bundle...)...)
	d.frames.sync(d.engine.interp.Done())
}

func (d *display) json(value any) {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	d.show("application/json", string(text))
}

// png takes the bytes of a picture, or an image.
func (d *display) png(picture any) {
	switch p := picture.(type) {
	case []byte:
		d.show("image/png", string(p))
	case image.Image:
		d.show("image/png", encodePNG(p))
	default:
		panic(fmt.Errorf("kb.PNG takes []byte or image.Image, not %T", picture))
	}
}

// file shows a file of a type.
func (d *display) file(mediaType, path string) {
	data, err := os.ReadFile(path)
	if err != nil {
		panic(err)
	}
	d.show(mediaType, string(data))
}

func encodePNG(picture image.Image) string {
	var b bytes.Buffer
	if err := png.Encode(&b, picture); err != nil {
		panic(err)
	}
	return b.String()
}
