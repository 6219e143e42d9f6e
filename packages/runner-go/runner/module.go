package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

var modulePattern = regexp.MustCompile(`(?m)^module[ \t]+"?([^\s"]+)`)

// moduleFiles has the packages in the directories of a program where yaegi looks for them: below GOPATH, by the name of
// the module that its go.mod says. Without one they have the names of their directories.
type moduleFiles struct {
	sources, module, root string
}

func newModuleFiles(goPath string) (*moduleFiles, error) {
	root, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	m := &moduleFiles{sources: filepath.Join(goPath, "src") + "/", root: root}
	if text, err := os.ReadFile("go.mod"); err == nil {
		if found := modulePattern.FindSubmatch(text); found != nil {
			m.module = string(found[1]) + "/"
		}
	}
	return m, nil
}

// Open is that of fs.FS.
func (m *moduleFiles) Open(name string) (fs.File, error) {
	if inside, ok := strings.CutPrefix(name, m.sources+m.module); ok {
		if file, err := os.Open(filepath.Join(m.root, inside)); err == nil {
			return file, nil
		}
	}
	return os.Open(name)
}

// readable names files as the program does.
func (m *moduleFiles) readable(text string) string {
	return strings.ReplaceAll(text, m.sources+m.module, "")
}
