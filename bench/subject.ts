/** Something that runs cells, measured beside others. */
export interface Subject {
  readonly name: string;
  /** From nothing to a kernel that answers. */
  open(): Promise<Kernel>;
  /** Kernels that have started before they are asked for, where there is such a thing. */
  openPool?(): Promise<KernelPool>;
}

/** Kernels that have started. */
export interface KernelPool {
  acquire(): Promise<Kernel>;
  /** Resolves when as many are ready as there should be, and none is being made. */
  full(): Promise<void>;
  close(): Promise<void>;
}

/** One running kernel. */
export interface Kernel {
  run(code: string, options?: RunOptions): Promise<Run>;
  close(): Promise<void>;
  /** What it holds, or all kernels of its place: in MB, each page divided by the processes that share it. */
  memoryMb?(): number;
  /** One more kernel in the same place, where a place can have several. */
  openAnother?(options?: OpenOptions): Promise<Kernel>;
  /** A second kernel with the same variables. */
  fork?(): Promise<Kernel>;
}

export type OpenOptions = {
  /** With an environment of its own it cannot be one that was made before. */
  readonly env?: Readonly<Record<string, string>>;
};

export type RunOptions = {
  /** Called for each piece of stdout as it arrives. */
  readonly onStdout?: (text: string) => void;
};

export type Run = {
  /** `text/plain` of the result. */
  readonly text: string | undefined;
};
