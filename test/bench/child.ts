import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

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

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await gone;
  }
}

/** The child's side: answers its parent until that goes. */
export function answerParent(answer: (question: never) => Promise<unknown>): void {
  process.on('message', (question) => {
    answer(question as never).then(
      (given) => process.send?.({ answer: given }),
      (error: unknown) => {
        process.send?.({ failed: error instanceof Error ? (error.stack ?? '') : String(error) });
      },
    );
  });
  process.once('disconnect', () => process.exit());
  // The terminal's Ctrl-C reaches every process: the parent decides when this one ends.
  process.on('SIGINT', () => undefined);
}
