/** Something that runs cells, measured beside others. */
export interface Subject {
  readonly name: string;
  /** From nothing to a kernel that answers. */
  open(): Promise<Kernel>;
}

/** One running kernel. */
export interface Kernel {
  run(code: string, options?: RunOptions): Promise<Run>;
  close(): Promise<void>;
  /** One more kernel in the same place, where a place can have several. */
  openAnother?(): Promise<Kernel>;
}

export type RunOptions = {
  /** Called for each piece of stdout as it arrives. */
  readonly onStdout?: (text: string) => void;
};

export type Run = {
  /** `text/plain` of the result. */
  readonly text: string | undefined;
};
