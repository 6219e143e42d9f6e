std::string log_text = "2024-01-15 ERROR disk full\n2024-01-16 INFO ok\n2024-02-01 ERROR no network\n";
std::regex line_pattern(R"((\d{4})-(\d\d)-(\d\d) (\w+) (.*))");
// %%
std::istringstream lines(log_text);
for (std::string line; std::getline(lines, line);) {
  std::smatch match;
  if (std::regex_match(line, match, line_pattern) && match[4] == "ERROR") std::cout << match[3] << "." << match[2] << ". " << match[5] << "\n";
}
// %%
std::regex_replace(log_text.substr(0, 26), std::regex("\\d"), "#")
// %%
std::regex broken("(unclosed");
