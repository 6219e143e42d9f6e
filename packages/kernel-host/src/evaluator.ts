/** A value as JSON has it. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** One value in several formats: MIME types and what goes with them. */
export type MimeBundle = {
  readonly data: Readonly<Record<string, JsonValue>>;
  readonly metadata: Readonly<Record<string, JsonValue>>;
};

/** Where a cell's input comes from: the client is asked, a text is all of it, or there is none. */
export type CellStdin =
  | { readonly type: "ask" }
  | { readonly type: "none" }
  | { readonly type: "text"; readonly text: string };

/** One piece of code to run. */
export type Cell = {
  readonly code: string;
  /** The number that the user sees. Code that is not stored in the history repeats the last one. */
  readonly count: number;
  /** Nothing of the cell is shown but what it prints. */
  readonly silent: boolean;
  readonly stdin: CellStdin;
  /** Environment variables for this run only. */
  readonly env: Readonly<Record<string, string>>;
  /** Arguments for this run, without the program's name. */
  readonly args: readonly string[];
};

/** What failed in a cell. */
export type CellError = {
  readonly name: string;
  readonly message: string;
  /** One entry a line, or an entry of several lines. */
  readonly traceback: readonly string[];
  /** The line of the cell, counted from 1. */
  readonly lineNumber?: number | undefined;
};

/** How a cell ended. */
export type CellOutcome =
  | { readonly status: "ok"; readonly result?: MimeBundle | undefined }
  | { readonly status: "error"; readonly error: CellError };

/**
 * Where a cell's output goes. All calls keep their order. It works after the cell has ended, too: what comes late is
 * still the output of its own cell.
 */
export interface CellIo {
  write(stream: "stdout" | "stderr", text: string): void;
  /** With an id, the display can be replaced later. */
  display(bundle: MimeBundle, displayId?: string): void;
  updateDisplay(bundle: MimeBundle, displayId: string): void;
  /** `wait`: only when the next output comes. */
  clearOutput(wait: boolean): void;
  /**
   * Asks the user for one line, whatever the cell's `stdin` is.
   * @throws {InputError} nobody can be asked, or the cell was interrupted
   */
  input(prompt: string, password: boolean): Promise<string>;
}

/** What a completion would put in place of the text between two cursor positions. */
export type Completion = {
  readonly matches: readonly string[];
  /** In UTF-16 units, like the cursor. */
  readonly start: number;
  readonly end: number;
  /** The kind of each match (`function`, `module`), where it is known. Shown by JupyterLab. */
  readonly types?: readonly string[] | undefined;
};

/** Whether a console should run the code or let the user go on writing. */
export type Completeness = {
  readonly status: "complete" | "incomplete" | "invalid" | "unknown";
  readonly indent?: string;
};

/** What a pane of variables shows. */
export type Variable = {
  readonly name: string;
  readonly type: string;
  readonly repr: string;
  /** In bytes. */
  readonly size: number | null;
};

/** A second process with all that a first one has. */
export type ProcessCopy = {
  readonly pid: number;
  /** What could not be carried over, a sentence each. */
  readonly losses: readonly string[];
};

/** A copy that waits for a host at the pipes in `directory`: it is there (`pid`), or is made of one that waits in `source`. */
export type Adoption = { readonly directory: string } & ({ readonly pid: number } | { readonly source: string });

/**
 * A language. The host calls one method at a time, but for {@link Evaluator.interrupt} and {@link Evaluator.shutdown},
 * which may come while a cell runs. Cursor positions are UTF-16 units, as in JavaScript's strings.
 */
export interface Evaluator {
  /** Runs a cell. Code that fails is an outcome; a rejection is a fault of the evaluator and ends the cell with it. */
  execute(cell: Cell, io: CellIo): Promise<CellOutcome>;
  /** Stops the running cell, which then ends with an error; variables are kept. Without one it does nothing. */
  interrupt(): Promise<void>;
  complete(code: string, cursor: number): Promise<Completion>;
  /** `detail` 1 asks for more, such as the source. `undefined`: there is nothing at the cursor. */
  inspect(code: string, cursor: number, detail: 0 | 1): Promise<MimeBundle | undefined>;
  /** Without it the host answers `unknown`. */
  isComplete?(code: string): Promise<Completeness>;
  /** Lists what the user has defined. Without it the host says that the kernel cannot. */
  variables?(): Promise<readonly Variable[]>;
  /**
   * Copies the process that has the state. The copy goes to the pipes in `directory`, where another host adopts it.
   * Without it the host says that it does not know the request.
   */
  fork?(directory: string): Promise<ProcessCopy>;
  /** Goes on with a copy instead of its own process; gives the copy's id. The same one again changes nothing. */
  adopt?(adoption: Adoption): Promise<number>;
  /** Called once, when a client wants the kernel to end. */
  shutdown?(): Promise<void>;
}

/** Who the kernel is: the content of `kernel_info_reply`, without what the host knows itself. */
export type KernelInfo = {
  readonly implementation: string;
  readonly implementationVersion: string;
  readonly banner: string;
  readonly languageInfo: {
    readonly name: string;
    readonly version: string;
    readonly mimetype: string;
    readonly file_extension: string;
    readonly pygments_lexer?: string;
    readonly codemirror_mode?: JsonValue;
    readonly nbconvert_exporter?: string;
  };
  readonly helpLinks?: readonly { readonly text: string; readonly url: string }[];
};
