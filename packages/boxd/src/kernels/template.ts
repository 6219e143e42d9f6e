import { setTimeout as delay } from "node:timers/promises";
import type { AdoptedEnds } from "../lifecycle/adopted-ends.ts";
import { ForkServer, expectConnection } from "./fork-server.ts";
import { type KernelProcess, startKernelProcess } from "./kernel-process.ts";
import type { Kernelspec, TemplateCommand } from "./kernelspecs.ts";

/** What a {@link Template} is started with. */
export type TemplateOptions = {
  readonly spec: Kernelspec;
  readonly command: TemplateCommand;
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  /** A private directory for its socket. */
  readonly runtimeDirectory: string;
  readonly ends: AdoptedEnds;
  readonly log: (message: string, fields: Record<string, unknown>) => void;
};

const startPatienceMs = 60_000;

/** A process that has imported what kernels need, once, and from which they are forked. Starts at once. */
export class Template {
  /** Resolves when it can fork; with `undefined` if it failed. Never rejects. */
  readonly ready: Promise<ForkServer | undefined>;
  /** Resolves when it has imported all, or has failed. */
  readonly imported: Promise<void>;
  private readonly options: TemplateOptions;
  private child: KernelProcess | undefined;
  private isClosed = false;
  private hasImported = false;
  private resolveImported: () => void = () => undefined;

  constructor(options: TemplateOptions) {
    this.options = options;
    this.imported = new Promise((resolve) => (this.resolveImported = resolve));
    this.ready = this.start().catch((error: unknown) => {
      this.fail(String(error));
      return undefined;
    });
  }

  /** Whether what is forked now has all modules. */
  get isWhole(): boolean {
    return this.hasImported;
  }

  /** Like {@link ready}, but not for longer than `patienceMs`. */
  async usable(patienceMs: number): Promise<ForkServer | undefined> {
    const patience = new AbortController();
    const tooLate = delay(patienceMs, undefined, { signal: patience.signal }).catch(() => undefined);
    const server = await Promise.race([this.ready, tooLate]);
    patience.abort();
    return this.isClosed ? undefined : server;
  }

  /** Ends it. What was forked from it lives on. */
  close(): void {
    this.isClosed = true;
    this.child?.signal("SIGKILL");
    this.resolveImported();
  }

  private async start(): Promise<ForkServer> {
    const { command, cwd, environment, runtimeDirectory, ends, log } = this.options;
    const expected = await expectConnection(runtimeDirectory, startPatienceMs);
    const argv = [
      ...command.argv.map((argument) => argument.replaceAll("{socket}", expected.path)),
      ...command.modules,
    ];
    const child = startKernelProcess({ argv, cwd, env: environment, log });
    this.child = child;
    if (this.isClosed) child.signal("SIGKILL");
    const exited = child.exited.then((exit) => {
      expected.cancel();
      if (!this.isClosed) this.fail(`it ${exit.reason}`);
    });
    exited.catch((error: unknown) => this.fail(String(error)));
    const socket = await expected.connected;
    return new Promise((resolve, reject) => {
      const server = new ForkServer(socket, {
        ends,
        log,
        onNews: (news) => {
          if (news.type === "ready") resolve(server);
          else if (news.type === "imported") this.finish();
          else if (news.type === "skipped") log("a template leaves out a module that it cannot import", { ...news });
        },
      });
      server.closed.then(
        () => reject(new Error("it closed its socket")),
        (error: unknown) => reject(error),
      );
    });
  }

  private finish(): void {
    this.hasImported = true;
    this.resolveImported();
  }

  private fail(reason: string): void {
    if (this.isClosed) return;
    const lastWords = this.child?.lastWords();
    this.close();
    this.options.log("the template of a kernel failed; its kernels start without one from now on", {
      kernel: this.options.spec.name,
      reason,
      lastWords,
    });
  }
}
