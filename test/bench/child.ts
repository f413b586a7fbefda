import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const PATIENCE_MS = 10_000;

interface Reply {
  readonly answer?: unknown;
  readonly failed?: string;
}

/** A program of the bench in a process of its own, asked one thing at a time. */
export class Child<Question, Answer> {
  private constructor(private readonly child: ChildProcess) {}

  /** Starts `<name>.js` beside this file. */
  static start<Q, A>(name: string): Child<Q, A> {
    const program = fileURLToPath(new URL(`${name}.js`, import.meta.url));
    return new Child<Q, A>(fork(program, { serialization: 'advanced', execArgv: [] }));
  }

  /** Rejects when the child refuses or dies. */
  ask(question: Question): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const died = (): void => {
        reject(new Error('a process of the bench died'));
      };
      this.child.once('exit', died);
      this.child.once('message', ({ answer, failed }: Reply) => {
        this.child.off('exit', died);
        if (failed === undefined) resolve(answer as Answer);
        else reject(new Error(failed));
      });
      this.child.send(question as object);
    });
  }

  /** Lets it end what it has started itself, for a while. */
  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, 'exit');
    const impatience = setTimeout(() => this.child.kill('SIGKILL'), PATIENCE_MS);
    if (this.child.connected) this.child.disconnect();
    await gone;
    clearTimeout(impatience);
  }
}

/** The child's side: answers its parent until that goes, then ends what it has started. */
export function answerParent(
  answer: (question: never) => Promise<unknown>,
  end: () => Promise<void> = () => Promise.resolve(),
): void {
  // Nobody waits for an answer any more once the parent has gone.
  const reply = (message: Reply) => {
    if (process.connected) process.send?.(message);
  };
  process.on('message', (question) => {
    answer(question as never).then(
      (given) => {
        reply({ answer: given });
      },
      (error: unknown) => {
        reply({ failed: error instanceof Error ? (error.stack ?? '') : String(error) });
      },
    );
  });
  process.once('disconnect', () => {
    void end().finally(() => process.exit());
  });
  // The terminal's Ctrl-C reaches every process: the parent decides when this one ends.
  process.on('SIGINT', () => undefined);
}
