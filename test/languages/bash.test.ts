import { expect, test } from "vitest";
import { describeLanguage, stdoutOf } from "../language-fixture.ts";

describeLanguage("bash", "Bash", (box) => {
  const { run } = box;

  test("`declare`, options, aliases and the directory are the shell's own", async () => {
    await run('declare -i number=4\nshopt -s nullglob extglob\nalias say="echo said"\ncd /tmp');
    expect(stdoutOf(await run("number+=3\nsay $number $PWD *.none !(x)*none"))).toBe("said 7 /tmp\n");
  });

  test("the status of the last command is the cell's, and the next cell's $?", async () => {
    expect((await run("false\ntrue")).status).toBe("ok");
    const failed = await run("true\ntrue | (exit 3)");
    expect(failed.error).toMatchObject({
      name: "ExitStatus",
      message: "the cell ended with exit status 3",
      lineNumber: 2,
    });
    expect(stdoutOf(await run("echo $?"))).toBe("3\n");
    expect((await run("return 4\necho never")).error?.message).toContain("status 4");
  });

  test("a failure inside of a function has the line of the cell that called it", async () => {
    await run("broken() {\n  true\n  nosuchcommand\n}");
    const { error, logs } = await run("true\ntrue\n\nbroken");
    expect(error).toMatchObject({ message: expect.stringContaining("127"), lineNumber: 4 });
    expect(logs.stderr.join("")).toContain("nosuchcommand: command not found");
  });

  test("`set -e` ends the cell and not the shell, in functions, too", async () => {
    const failed = await run("set -eo pipefail\nkept=yes\nf() { false | true; echo never; }\nf\necho never");
    expect(failed).toMatchObject({ status: "error", contextState: "kept", error: { lineNumber: 3 } });
    expect(failed.logs.stdout).toEqual([]);
    expect(stdoutOf(await run('false || echo "$kept, $-"'))).toMatch(/^yes, \w*e/);
    expect(stdoutOf(await run('x=$(false; echo in)\nif false; then :; fi\n! true\necho "$x"'))).toBe("in\n");
  });

  test("under `set -u` an unset variable ends its command, and with `set -e` the cell", async () => {
    const unset = await run('set -u\nkept=yes\necho "$nosuch"; echo never\necho "$kept"');
    expect(unset.logs.stderr.join("")).toContain("nosuch: unbound variable");
    expect(unset.logs.stdout).toEqual(["yes\n"]);
    await run("declare -A map=([a b]='c \"d\"')\nlines=$'one\\ntwo'\nf() { echo \"f: $1\"; }\nalias say='echo said'");
    await run("declare -ri number=4\nexport out=1\nshopt -s extglob\nexec 9>nine\ncd /tmp\ntrap 'echo usr' USR1");
    for (const code of ['set -e\necho "$nosuch"\necho never', 'broken() { echo "$nosuch"; }\nbroken\necho never']) {
      const failed = await run(code);
      expect(failed).toMatchObject({
        status: "error",
        contextState: "kept",
        error: { name: "ExitStatus", lineNumber: 2 },
      });
      expect(failed.logs).toMatchObject({ stdout: [], stderr: ["bash: nosuch: unbound variable\n"] });
    }
    const code =
      'f "${map[a b]}, $lines"\nsay $number $PWD $-\nenv | grep ^out=\ntrap -p USR1\nkill -USR1 $$\necho x >&9';
    const lines = ['f: c "d", one', "two", expect.stringMatching(/^said 4 \/tmp \w*e\w*u/), "out=1"];
    const { status, logs } = await run(code);
    expect({ status, lines: logs.stdout.join("").split("\n") }).toEqual({
      status: "ok",
      lines: [...lines, "trap -- 'echo usr' SIGUSR1", "usr", ""],
    });
    const again = await run("while true; do :; done", { timeoutMs: 300 });
    expect(again).toMatchObject({ status: "timed-out", contextState: "kept" });
    expect(await run("exit 5")).toMatchObject({ status: "kernel-died", exitCode: 5 });
  });

  test("of a cell that does not parse nothing runs, also under `set -e`", async () => {
    const { error, logs } = await run("set -e\necho first\nif true; then\necho $(");
    expect(error).toMatchObject({ name: "SyntaxError", lineNumber: expect.any(Number) });
    expect(logs.stdout).toEqual([]);
    expect(stdoutOf(await run("echo on"))).toBe("on\n");
  });

  test("`exit` is the end of the shell, with its code", async () => {
    expect(await run("exit 7")).toMatchObject({ status: "kernel-died", exitCode: 7 });
  });

  test("what was asked with -p is the question, and -s makes it one for a password", async () => {
    const asked: unknown[] = [];
    const onInput = (request: unknown): string => `answer ${asked.push(request)}`;
    const code =
      'read -rp "Name? " name\nread -s -p "Secret? " secret\nread plain\nread -p "not asked" given <<<here\n';
    const execution = await run(`${code}echo "$name|$secret|$plain|$given"`, { onInput });
    expect(stdoutOf(execution)).toBe("answer 1|answer 2|answer 3|here\n");
    expect(asked).toEqual([
      { prompt: "Name? ", password: false },
      { prompt: "Secret? ", password: true },
      { prompt: "", password: false },
    ]);
  });

  test("child processes and `select` ask, too", async () => {
    const execution = await run('head -n 1\nread -t 600 late && echo "$late"', { onInput: () => "line" });
    expect(stdoutOf(execution)).toBe("line\nline\n");
  });

  test("$_, PIPESTATUS and `set -x` are as in any shell", async () => {
    const code = "echo a b\necho $_\ntrue | false | true\necho ${PIPESTATUS[@]}\nset -x\necho x\nset +x";
    const { logs } = await run(code);
    expect(logs.stdout.join("")).toBe("a b\nb\n0 1 0\nx\n");
    expect(logs.stderr.join("")).toMatch(/^\++ echo x\n\++ set \+x\n$/);
  });

  test("a trap of the user's comes first, and stays", async () => {
    const onStdout = (output: { readonly text: string }): unknown => output.text === "go\n" && box.context.interrupt();
    const first = await run("trap 'echo caught' INT\necho go\nsleep 1000\necho went on", { onStdout });
    expect(stdoutOf(first)).toBe("go\ncaught\nwent on\n");
    expect(stdoutOf(await run("trap -p INT"))).toContain("echo caught");
  });

  test("jobs go on after their cell; what they print then is late output of it", async () => {
    const late: string[] = [];
    box.context.onLateOutput = (event) => {
      if (event.type === "stdout") late.push(`${event.executionId}: ${event.text}`);
    };
    const first = await run("(until [[ -e now ]]; do sleep 0.02; done; echo late) & echo early");
    await box.sandbox.writeFile(`${box.context.cwd}/now`, "");
    await expect.poll(() => late, { timeout: 20_000 }).toEqual([`${first.id}: late\n`]);
  });

  test("/dev/stderr can be opened, and other descriptors stay open", async () => {
    const { logs } = await run("echo x | tee /dev/stderr >/dev/null\nexec 9>kept");
    expect(logs.stderr.join("")).toBe("x\n");
    expect(stdoutOf(await run("echo y >&9\nexec 9>&-\ncat kept"))).toBe("y\n");
  });

  test("what `exec` does to the three streams ends with the cell", async () => {
    await run("exec >said 2>&1 </dev/null\necho one\nnosuchcommand");
    const { logs } = await run("cat said; echo two >&2; read -r line && echo $line", { stdin: "three\n" });
    expect(logs.stdout.join("")).toMatch(/^one\n.*command not found\nthree\n$/);
    expect(logs.stderr.join("")).toBe("two\n");
    expect((await run("exec >&-\necho gone")).status).toBe("error");
    await run("set -eu\nexec >said\necho $nosuch");
    expect(stdoutOf(await run("set +eu; echo back"))).toBe("back\n");
  });

  test.each([
    ["what cannot be expanded", "echo a\n\necho ${nosuch:?}; echo b"],
    ["an arithmetic error", "true\n\necho $((1 / 0))"],
    ["`return`", "echo a\nfor i in 1; do true; done\nreturn 3"],
    ["a condition that is false", "x=1\n\n[[ $x == 2 ]] && echo yes"],
  ])("%s has its line", async (_, code) => {
    expect((await run(code)).error).toMatchObject({ name: "ExitStatus", lineNumber: 3 });
  });

  test("line ends and the mark of an editor of Windows are not a part of the code", async () => {
    const code = '\uFEFFx=1\r\nif true; then\r\n  echo "v=$x"\r\nfi\r\nfalse\r\n';
    const { logs, error } = await run(code);
    expect(logs.stdout.join("")).toBe("v=1\n");
    expect(error?.lineNumber).toBe(5);
    expect(stdoutOf(await run("printf '%s' 'a\r\n'\ntrue"))).toBe("a\r\n");
  });

  test("extended patterns can be used in the line that sets them", async () => {
    await run("mkdir -p patterns; cd patterns; touch a.txt b.md");
    expect(stdoutOf(await run("shopt -s extglob; echo !(*.md)"))).toBe("a.txt\n");
  });

  test("a trap of DEBUG is for the user's commands, until it is taken back", async () => {
    expect(stdoutOf(await run(`trap 'echo "now: $BASH_COMMAND"' DEBUG\nx=1`))).toBe("now: x=1\n");
    expect(stdoutOf(await run("echo $x"))).toBe("now: echo $x\n1\n");
    expect(stdoutOf(await run("trap - DEBUG"))).toBe("now: trap - DEBUG\n");
    const later = await run("echo a\n\necho $((1 / 0))");
    expect(stdoutOf(later)).toBe("a\n");
    expect(later.error?.lineNumber).toBe(3);
  });

  test("pictures come from files and pipes, displays of a loop one by one", async () => {
    const code = `printf '\\x89PNG' >p.png; kb_png p.png; kb_png <p.png; for i in 1 2; do kb_markdown "# $i"; done; kb_png none`;
    const { results, error } = await run(code);
    expect(results.map(({ png, markdown }) => png ?? markdown)).toEqual(["iVBORw==", "iVBORw==", "# 1", "# 2"]);
    expect(error?.name).toBe("ExitStatus");
  });

  test("variables, functions and builtins are listed, completed and explained", async () => {
    await run("number=5\nlist=(1 2)\ndeclare -A map=([k]=v)\nmine() { echo mine; }");
    const rows = await box.context.variables();
    expect(rows.map(({ name, type }) => `${name}: ${type}`)).toEqual(
      expect.arrayContaining(["number: string", "list: array", "map: associative array"]),
    );
    expect(rows.filter(({ name }) => name.startsWith("__kb") || name === "status")).toEqual([]);
    expect((await box.context.complete("echo $numb")).matches).toEqual(["number"]);
    expect((await box.context.complete("true; min")).matches).toContain("mine");
    expect((await box.context.complete("cat /etc/hostn")).matches).not.toContain("__kb_emit");
    expect((await box.context.inspect("mine")).text).toContain("echo mine");
    expect((await box.context.inspect("cd")).text).toContain("Change the shell working directory");
  });
});
