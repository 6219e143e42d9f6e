package main

import (
	"encoding/json"
	"image"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/traefik/yaegi/interp"
)

const longestJSON = 1 << 20

// bundle is the value of a cell in the formats that it has: MIME types and content, in turn. Nothing for no value.
func (e *engine) bundle(values []interp.Value) (bundle []string) {
	defer func() {
		// A String method that ends the goroutine, or an image that panics: the cell itself was good.
		if recover() != nil {
			bundle = nil
		}
	}()
	values = worthShowing(values)
	if len(values) == 0 {
		return nil
	}
	if len(values) > 1 {
		var texts []string
		for _, value := range values {
			texts = append(texts, e.text(value))
		}
		return []string{"text/plain", strings.Join(texts, " ")}
	}
	value := values[0]
	native := value.Reflect()
	if native.Kind() == reflect.Interface {
		native = native.Elem()
	}
	text := e.text(value)
	if native.Kind() == reflect.String && text == strings.ToValidUTF8(native.String(), "\uFFFD") {
		return []string{"text/plain", strconv.Quote(text), "application/vnd.kernelbox.string", text}
	}
	bundle = []string{"text/plain", text}
	if !native.CanInterface() {
		return bundle
	}
	switch special := native.Interface().(type) {
	case image.Image:
		return append(bundle, "image/png", encodePNG(special))
	case error:
		return bundle
	}
	if encoded, ok := jsonOf(native); ok {
		bundle = append(bundle, "application/json", encoded)
		if table, ok := tableOf(native); ok {
			bundle = append(bundle, "application/vnd.dataresource+json", table)
		}
	}
	return bundle
}

// worthShowing leaves out nil, and an error at the end that is none.
func worthShowing(values []interp.Value) []interp.Value {
	if len(values) == 0 {
		return nil
	}
	last := values[len(values)-1].Reflect()
	if !last.IsValid() || last.Kind() == reflect.Interface && last.IsNil() {
		if len(values) == 1 || values[len(values)-1].Type() == "error" {
			return values[:len(values)-1]
		}
	}
	return values
}

func (e *engine) text(value interp.Value) string {
	return strings.ToValidUTF8(e.interp.Text(value), "\uFFFD")
}

// jsonOf is for what has parts.
func jsonOf(value reflect.Value) (string, bool) {
	inner := value
	for inner.Kind() == reflect.Pointer || inner.Kind() == reflect.Interface {
		inner = inner.Elem()
	}
	switch inner.Kind() {
	case reflect.Map, reflect.Slice, reflect.Array, reflect.Struct:
	default:
		return "", false
	}
	text, err := json.Marshal(value.Interface())
	if err != nil || len(text) > longestJSON || !utf8.Valid(text) || isHollow(string(text), inner.Kind()) {
		return "", false
	}
	return string(text), true
}

// isHollow tells that fields in lower case are all that there is.
func isHollow(text string, kind reflect.Kind) bool {
	if text == "{}" {
		return kind == reflect.Struct
	}
	return strings.Contains(text, "{}") && strings.Trim(text, "[]{},") == ""
}

type tableField struct {
	Name string `json:"name"`
	Type string `json:"type"`
}

// tableOf is for slices of structs whose fields are single values.
func tableOf(rows reflect.Value) (string, bool) {
	if rows.Kind() != reflect.Slice || rows.Len() == 0 || rows.Type().Elem().Kind() != reflect.Struct {
		return "", false
	}
	row := rows.Type().Elem()
	fields := []tableField{}
	for index := range row.NumField() {
		field := row.Field(index)
		tag, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		kind, ok := tableTypes[field.Type.Kind()]
		switch {
		case tag == "-":
			continue
		case !ok || !field.IsExported() || field.Anonymous:
			return "", false
		case tag == "":
			tag = field.Name
		}
		fields = append(fields, tableField{tag, kind})
	}
	if len(fields) == 0 {
		return "", false
	}
	text, err := json.Marshal(map[string]any{"schema": map[string]any{"fields": fields}, "data": rows.Interface()})
	return string(text), err == nil && len(text) <= longestJSON
}

var tableTypes = map[reflect.Kind]string{
	reflect.Bool: "boolean", reflect.String: "string", reflect.Float32: "number", reflect.Float64: "number",
	reflect.Int: "integer", reflect.Int8: "integer", reflect.Int16: "integer", reflect.Int32: "integer", reflect.Int64: "integer",
	reflect.Uint: "integer", reflect.Uint8: "integer", reflect.Uint16: "integer", reflect.Uint32: "integer", reflect.Uint64: "integer",
}
