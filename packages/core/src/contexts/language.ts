/** The languages that Kernelbox has images for. Their usual aliases (`py`, `js`, `ts`, `c++`, …) are understood too. */
export type KnownLanguage =
  | "python"
  | "javascript"
  | "typescript"
  | "bash"
  | "r"
  | "java"
  | "go"
  | "rust"
  | "c"
  | "cpp"
  | "php"
  | "fortran";

/** A language, an alias, or the name of any kernelspec that is installed in the box. */
export type Language = KnownLanguage | (string & {});
