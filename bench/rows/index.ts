import type { Row } from "../row.ts";
import { boxdMemory } from "./boxd-memory.ts";
import { contextFork } from "./context-fork.ts";
import { contextForked, contextFromSpare } from "./context-start.ts";
import { contextMemory } from "./context-memory.ts";
import { flushedPrints } from "./flushed-prints.ts";
import { javascriptLines } from "./javascript-lines.ts";
import { javascriptOnePlusOne } from "./javascript-one-plus-one.ts";
import { javascriptStart } from "./javascript-start.ts";
import { languageRows } from "./languages.ts";
import { largeStdout } from "./large-stdout.ts";
import { onePlusOne } from "./one-plus-one.ts";
import { poolAcquire } from "./pool-acquire.ts";
import { sandboxCreate } from "./sandbox-create.ts";
import { unflushedPrint } from "./unflushed-print.ts";

/** In the order of the table. */
export const rows: readonly Row[] = [
  onePlusOne,
  contextFromSpare,
  contextForked,
  contextFork,
  flushedPrints,
  unflushedPrint,
  largeStdout,
  sandboxCreate,
  poolAcquire,
  contextMemory,
  boxdMemory,
  javascriptOnePlusOne,
  javascriptLines,
  javascriptStart,
  ...languageRows,
];
