export { type Activity } from "./activity.ts";
export { type Boxd, type BoxdEnd, type BoxdOptions, startBoxd } from "./boxd.ts";
export { type Log, createStderrLog } from "./log.ts";
