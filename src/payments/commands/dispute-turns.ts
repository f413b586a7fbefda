import { STREAM_KEY } from '../../kernel/event-store/event-store.js';
import { failedWith, SQLSTATE } from '../../kernel/postgres/errors.js';

const ATTEMPTS = 10;

/** Makes a decision again, from the start, while others change the dispute in between. */
export async function takingTurns<T>(attempt: () => Promise<T>): Promise<T> {
  for (let nth = 1; ; nth++) {
    try {
      return await attempt();
    } catch (error) {
      const overtaken = failedWith(error, SQLSTATE.uniqueViolation, STREAM_KEY);
      if (!overtaken || nth === ATTEMPTS) throw error;
    }
  }
}
