import { InputError } from "./input-error.ts";
import type { Message, Request } from "./wire.ts";

type Waiting = { readonly resolve: (line: string) => void; readonly reject: (error: InputError) => void };
type Question = Waiting & { readonly parent: Request; readonly prompt: string; readonly password: boolean };

/** The questions of the running cell: asked one at a time, since answers do not say what they answer. */
export class InputRequests {
  readonly #send: (to: Request, message: Message) => void;
  #asked: Question | undefined;
  #queue: Question[] = [];

  constructor(send: (to: Request, message: Message) => void) {
    this.#send = send;
  }

  /** Asks the client that sent `parent`. */
  ask(parent: Request, prompt: string, password: boolean): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ parent, prompt, password, resolve, reject });
      this.#askNext();
    });
  }

  /** Takes an `input_reply`. */
  answer(reply: Request): void {
    const question = this.#asked;
    this.#asked = undefined;
    const { value } = reply.content;
    question?.resolve(typeof value === "string" ? value : "");
    this.#askNext();
  }

  /** All questions end: their cell was interrupted or has ended. A reply that comes now answers nothing. */
  cancel(): void {
    const questions = this.#asked ? [this.#asked, ...this.#queue] : this.#queue;
    this.#asked = undefined;
    this.#queue = [];
    for (const question of questions) question.reject(new InputError("interrupted"));
  }

  #askNext(): void {
    if (this.#asked !== undefined) return;
    const question = this.#queue.shift();
    if (question === undefined) return;
    this.#asked = question;
    const { parent, prompt, password } = question;
    this.#send(parent, { type: "input_request", content: { prompt, password }, parent });
  }
}
