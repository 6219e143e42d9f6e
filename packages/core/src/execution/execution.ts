// Written by the owner of this folder.
export interface Execution {
  readonly id: string;
}
