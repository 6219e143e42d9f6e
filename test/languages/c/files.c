FILE *file = fopen("/tmp/kernelbox-files-c.txt", "w+");
for (int i = 1; i <= 5; ++i) fprintf(file, "%d\n", i * i);
rewind(file);
int number = 0;
fscanf(file, "%d", &number);
fscanf(file, "%d", &number);
number
// %%
// The open file goes on where it was.
char line[20];
while (fgets(line, sizeof line, file)) fputs(line, stdout);
// %%
fclose(file);
struct stat about;
stat("/tmp/kernelbox-files-c.txt", &about);
about.st_size
// %%
remove("/tmp/kernelbox-files-c.txt");
file = fopen("/tmp/kernelbox-files-c.txt", "r");
file ? "there" : strerror(errno)
