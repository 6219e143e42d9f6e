#include <regex.h>
regex_t pattern;
regcomp(&pattern, "^([0-9]+)-([0-9]+)-([0-9]+) (ERROR|INFO) (.*)$", REG_EXTENDED);
// %%
const char *lines[] = {"2024-01-15 ERROR disk full", "2024-01-16 INFO ok", "no date", "2024-02-01 ERROR no network"};
int count = sizeof lines / sizeof lines[0];
for (int i = 0; i < count; ++i) {
  regmatch_t groups[6];
  if (regexec(&pattern, lines[i], 6, groups, 0) != 0) printf("no match: %s\n", lines[i]);
  else if (lines[i][groups[4].rm_so] == 'E') printf("%s\n", lines[i] + groups[5].rm_so);
}
// %%
regfree(&pattern);
char message[80];
int failure = regcomp(&pattern, "(unclosed", REG_EXTENDED);
regerror(failure, &pattern, message, sizeof message);
message
