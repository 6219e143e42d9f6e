/** The command that runs cells: R without what a user's own start files would change, and without a saved workspace. */
export function runnerCommand(runner: string, r = "R"): readonly string[] {
  return [r, "--no-echo", "--no-restore", "--no-save", "--no-init-file", `--file=${runner}`];
}
