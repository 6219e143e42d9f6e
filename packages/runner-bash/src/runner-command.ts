/**
 * The command that runs cells: an interactive bash whose start-up file is the runner. Only such a shell goes on after an
 * interrupt, and neither the user's start-up files nor line editing have a place in it.
 */
export function runnerCommand(runner: string, bash = "bash"): readonly string[] {
  return [bash, "--noprofile", "--noediting", "--rcfile", runner, "-i"];
}
