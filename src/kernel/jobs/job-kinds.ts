import { Injectable } from '@nestjs/common';
import type { JobHandler, JobKind } from './job.js';

/** Which handler does which kind of job in this process. */
@Injectable()
export class JobKinds {
  private readonly byKind = new Map<string, { kind: JobKind; handler: JobHandler }>();

  add(kind: JobKind, handler: JobHandler): void {
    if (this.byKind.has(kind.kind)) throw new Error(`jobs of ${kind.kind} have two handlers`);
    this.byKind.set(kind.kind, { kind, handler });
  }

  named(kind: string): { kind: JobKind; handler: JobHandler } | undefined {
    return this.byKind.get(kind);
  }
}
