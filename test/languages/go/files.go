directory, err := os.MkdirTemp("", "files")
if err != nil {
	panic(err)
}
path := filepath.Join(directory, "poem.txt")
file, err := os.Create(path)
writer := bufio.NewWriter(file)
for number, line := range []string{"Roses are red", "Violets are blue", "日本語もどうぞ"} {
	fmt.Fprintf(writer, "%d %s\n", number+1, line)
}
writer.Flush()
file.Close()
// %%
content, err := os.ReadFile(path)
fmt.Print(string(content))
// %%
file, err = os.Open(path)
defer fmt.Println("closed:", file.Close() == nil)
scanner := bufio.NewScanner(file)
longest := ""
for scanner.Scan() {
	if line := scanner.Text(); len(line) > len(longest) {
		longest = line
	}
}
longest
// %%
func copyFile(from, to string) (int64, error) {
	source, err := os.Open(from)
	if err != nil {
		return 0, err
	}
	defer source.Close()
	target, err := os.Create(to)
	if err != nil {
		return 0, err
	}
	defer target.Close()
	return io.Copy(target, source)
}
copyFile(path, path+".copy")
// %%
entries, err := os.ReadDir(directory)
for _, entry := range entries {
	info, _ := entry.Info()
	fmt.Println(entry.Name(), info.Size())
}
// %%
sum := sha256.Sum256(content)
hex.EncodeToString(sum[:4])
// %%
_, err = copyFile(filepath.Join(directory, "missing"), path)
errors.Is(err, os.ErrNotExist)
// %%
os.RemoveAll(directory)
_, err = os.Stat(path)
os.IsNotExist(err)
