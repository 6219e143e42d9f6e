import type { BoxInfo } from "./runtime.ts";

/** How a runtime's `create` tells that a living box has the name. The core attaches to it; users never see this error. */
export class NameTakenError extends Error {
  override readonly name: string = "NameTakenError";
  readonly box: BoxInfo;

  constructor(box: BoxInfo) {
    super(`the name ${JSON.stringify(box.name)} belongs to the living box ${box.id}`);
    this.box = box;
  }
}
