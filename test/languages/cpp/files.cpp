namespace fs = std::filesystem;
fs::path directory = fs::temp_directory_path() / "kernelbox-files-cpp";
fs::create_directories(directory);
{
  std::ofstream file(directory / "numbers.txt");
  for (int i = 1; i <= 5; ++i) file << i * i << "\n";
}
fs::file_size(directory / "numbers.txt")
// %%
std::ifstream reader(directory / "numbers.txt");
int number;
reader >> number >> number;
number
// %%
// The open file goes on where it was.
std::vector<int> rest(std::istream_iterator<int>(reader), {});
rest
// %%
for (auto &entry : fs::directory_iterator(directory)) std::println("{}", entry.path().filename().string());
fs::remove_all(directory)
// %%
fs::file_size(directory / "numbers.txt")
