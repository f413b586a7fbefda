import { Injectable } from '@nestjs/common';

/** A file of the board, as it is to be sent. */
export interface BoardFile {
  readonly type: string;
  readonly body: Buffer;
  /** Its name says which version it is: a browser may keep it. */
  readonly isLasting: boolean;
}

/** Where the board is, and all that belongs to it. */
export const BOARD_PATH = '/admin/queues';

/** A board that comes with the pool of workers and looks into it. */
export abstract class QueueBoard {
  /**
   * What `GET` of this URL below `BOARD_PATH` answers, bounded in time; undefined while the pool is
   * away. Throws `NOT_FOUND`.
   */
  abstract get(url: string): Promise<BoardFile | undefined>;
}

/** No pool, nothing to look into. */
@Injectable()
export class NoBoard extends QueueBoard {
  get(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
}
