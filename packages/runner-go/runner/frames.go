package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
)

// The descriptors of docs/runners.md.
const (
	requestsDescriptor = 3
	eventsDescriptor   = 4
)

// frames are the two pipes to the host.
type frames struct {
	requests *bufio.Reader
	events   *os.File
	// One frame at a time, and one sync.
	writing sync.Mutex
	syncing sync.Mutex
	tokens  int
	// While a cell runs, what comes in is the answer to a sync.
	synced chan string
}

type frame struct {
	name   string
	fields []string
}

func (f frame) field(index int) string {
	if index < len(f.fields) {
		return f.fields[index]
	}
	return ""
}

func openFrames() *frames {
	return &frames{
		requests: bufio.NewReader(os.NewFile(requestsDescriptor, "requests")),
		events:   os.NewFile(eventsDescriptor, "events"),
		synced:   make(chan string, 16),
	}
}

// emit sends one frame. A host that has gone is noticed where requests are read.
func (f *frames) emit(name string, fields ...string) {
	var head strings.Builder
	head.WriteString(name)
	for _, field := range fields {
		head.WriteByte(' ')
		head.WriteString(strconv.Itoa(len(field)))
	}
	head.WriteByte('\n')
	for _, field := range fields {
		head.WriteString(field)
	}
	f.writing.Lock()
	defer f.writing.Unlock()
	_, _ = io.WriteString(f.events, head.String())
}

// receive waits for a frame; false when the host has gone.
func (f *frames) receive() (frame, bool) {
	line, err := f.requests.ReadString('\n')
	if err != nil {
		return frame{}, false
	}
	words := strings.Fields(line)
	if len(words) == 0 {
		return frame{}, false
	}
	received := frame{name: words[0]}
	for _, word := range words[1:] {
		length, err := strconv.Atoi(word)
		if err != nil {
			return frame{}, false
		}
		field := make([]byte, length)
		if _, err := io.ReadFull(f.requests, field); err != nil {
			return frame{}, false
		}
		received.fields = append(received.fields, string(field))
	}
	return received, true
}

// sync waits until the host has taken all that was sent and printed, or until the cell is stopped.
func (f *frames) sync(stopped <-chan struct{}) {
	f.syncing.Lock()
	defer f.syncing.Unlock()
	f.tokens++
	token := fmt.Sprint(f.tokens)
	f.emit("sync", token)
	for {
		select {
		case answer := <-f.synced:
			if answer == token {
				return
			}
		case <-stopped:
			return
		}
	}
}
