Path directory = Files.createTempDirectory("files");
for (String name : List.of("alpha", "beta", "with space")) {
    Files.writeString(directory.resolve(name + ".txt"), name + "\nline two\n");
}
// %%
try (var entries = Files.list(directory)) {
    entries.map(path -> path.getFileName().toString()).sorted().forEach(System.out::println);
}
// %%
BufferedReader reader = Files.newBufferedReader(directory.resolve("alpha.txt"));
reader.readLine()
// %%
// An open file is as open in the next cell.
reader.readLine()
// %%
reader.close();
Files.write(directory.resolve("table.csv"), List.of("name;born", "Ada;1815", "Kōji;1935"));
record Row(String name, int born) {}
List<Row> rows;
try (var lines = Files.lines(directory.resolve("table.csv"))) {
    rows = lines.skip(1).map(line -> line.split(";")).map(part -> new Row(part[0], Integer.parseInt(part[1]))).toList();
}
rows
// %%
try (var entries = Files.walk(directory)) {
    entries.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
}
Files.exists(directory)
// %%
Files.readString(Path.of("/none/such"));
