/** The command that runs cells. What a cell does not show itself goes to stderr, as text. */
export function runnerCommand(runner: string, php = "php"): readonly string[] {
  const settings = {
    display_errors: "stderr",
    error_reporting: "-1",
    html_errors: "0",
    log_errors: "0",
    // Distributions leave `assert` out of what runs.
    "zend.assertions": "1",
    // The box has a limit of its own.
    memory_limit: "-1",
    // What the code prints leaves at once.
    output_buffering: "0",
    implicit_flush: "1",
  };
  return [php, ...Object.entries(settings).flatMap(([name, value]) => ["-d", `${name}=${value}`]), runner];
}
