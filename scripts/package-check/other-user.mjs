// Somebody else than who built the packages: a user of the machine where this process may make one, else an empty home.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";

// Several hundred megabytes over a slow line, on a busy machine.
const longestMs = 3_600_000;

/** What a machine needs to reach its registries goes along; nothing of who builds the packages does. */
const kept =
  /^(PATH|LANG|TERM|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR)|PIP_\w+|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|DOCKER_HOST|(https?|no)_proxy)$/i;

/** Makes the user; `run` runs a command as them in their project, `remove` deletes all that is theirs. */
export function makeOtherUser({ dockerSocket, env }) {
  const isRoot = process.getuid?.() === 0;
  const user = isRoot ? addUser(dockerSocket) : homeOnly();
  const environment = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => kept.test(name))),
    HOME: user.home,
    USER: user.name,
    LOGNAME: user.name,
    ...env,
  };
  const project = join(user.home, "project");
  const asUser = isRoot ? ["runuser", "-u", user.name, "--"] : [];
  const run = async (command) => {
    const [executable, ...args] = [...asUser, ...command];
    const started = Date.now();
    const child = spawn(executable, args, {
      cwd: project,
      env: environment,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: longestMs,
    });
    const [stdout, stderr, [status]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "close"), // rejects where the command cannot be started
    ]);
    return { status, stdout, stderr, seconds: (Date.now() - started) / 1000 };
  };
  mkdirSync(project);
  if (isRoot) mustRun("chown", [`${user.name}:`, project]);
  return { name: user.name, home: user.home, project, run, remove: user.remove };
}

function addUser(dockerSocket) {
  const name = `kernelbox-check-${process.pid}`;
  const group = dockerSocket === undefined ? undefined : groupOf(dockerSocket);
  const groups = group === undefined ? [] : ["--groups", group];
  mustRun("useradd", ["--create-home", "--home-dir", `/home/${name}`, "--shell", "/bin/bash", ...groups, name]);
  return {
    name,
    home: `/home/${name}`,
    remove: () => mustRun("userdel", ["--remove", "--force", name]),
  };
}

function homeOnly() {
  const home = mkdtempSync(join(tmpdir(), "kernelbox-home-"));
  return { name: userInfo().username, home, remove: () => rmSync(home, { recursive: true, force: true }) };
}

/** A socket that everybody may use, or only root, has no group to join. */
function groupOf(socket) {
  const { gid } = statSync(socket);
  return gid === 0 ? undefined : String(gid);
}

function mustRun(command, args) {
  const { status, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
  if (error !== undefined) throw error;
  // userdel says that there was no mail spool, with status 0.
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${stderr}`);
}
