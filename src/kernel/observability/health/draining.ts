import { Injectable } from '@nestjs/common';

/** Whether the process has been told to stop. Readiness asks; the HTTP edge wants to be told. */
@Injectable()
export class Draining {
  private started = false;
  private readonly listeners: (() => void)[] = [];

  get begun(): boolean {
    return this.started;
  }

  onBegin(listener: () => void): void {
    this.listeners.push(listener);
  }

  begin(): void {
    this.started = true;
    for (const listener of this.listeners) listener();
  }
}
