/** The types of what the kernel gives to cells, for the type checker. */
export const kernelGlobals: string = `
interface KernelDisplayOptions { id?: string | true; raw?: boolean }
interface KernelDisplayHandle { readonly id: string; update(value: unknown, options?: { raw?: boolean }): void }
interface KernelDisplayFunction {
  (content: unknown, options: KernelDisplayOptions & { id: string | true }): KernelDisplayHandle;
  (content: unknown, options?: KernelDisplayOptions): void;
}
interface KernelDisplay extends KernelDisplayFunction {
  readonly html: KernelDisplayFunction;
  readonly markdown: KernelDisplayFunction;
  readonly svg: KernelDisplayFunction;
  readonly png: KernelDisplayFunction;
  readonly jpeg: KernelDisplayFunction;
  readonly json: KernelDisplayFunction;
  readonly latex: KernelDisplayFunction;
  readonly text: KernelDisplayFunction;
  readonly javascript: KernelDisplayFunction;
  update(id: string, value: unknown, options?: { raw?: boolean }): void;
  clear(options?: { wait?: boolean }): void;
}
declare var display: KernelDisplay;
declare function prompt(message?: string, defaultValue?: string): string | null;
`;
