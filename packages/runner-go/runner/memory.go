package main

import (
	"os"
	"regexp"
	"strconv"
	"strings"
)

// Go itself allows a gigabyte, and a stack that grows is there twice for a while.
const mostStacks = 256 << 20

var availablePattern = regexp.MustCompile(`MemAvailable:\s+(\d+) kB`)

// deepestStacks is how much memory stacks may take: a recursion without end is an error of the cell's, not the machine's end.
func deepestStacks() uint64 {
	available := uint64(1) << 40
	if text, err := os.ReadFile("/proc/meminfo"); err == nil {
		if found := availablePattern.FindSubmatch(text); found != nil {
			if kilobytes, err := strconv.ParseUint(string(found[1]), 10, 64); err == nil {
				available = kilobytes * 1024
			}
		}
	}
	for _, file := range []string{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"} {
		text, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		if limit, err := strconv.ParseUint(strings.TrimSpace(string(text)), 10, 64); err == nil && limit > 0 {
			available = min(available, limit)
		}
	}
	return max(min(mostStacks, available/5), 64<<20)
}
