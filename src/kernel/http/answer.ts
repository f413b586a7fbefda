/**
 * An HTTP answer that is sent byte for byte: handlers return it where the text itself matters, such
 * as a stored idempotent answer that is replayed. `body` is JSON text.
 */
export class Answer {
  constructor(
    readonly status: number,
    readonly body: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {}

  /** An answer from a value; bigint must have been turned into a number or text before. */
  static of(
    status: number,
    value: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Answer {
    return new Answer(status, JSON.stringify(value), headers);
  }
}
