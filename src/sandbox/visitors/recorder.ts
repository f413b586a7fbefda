import type { Session, SessionAction } from '../../fraud/fraud.contract.js';

export interface Place {
  readonly x: number;
  readonly y: number;
}

/**
 * A page's own listener: what it sees of a visit, with the clock and grid of a browser, until the
 * report is as large as the API takes.
 */
export class Recorder {
  private readonly actions: SessionAction[] = [];
  private last: Place | undefined;

  constructor(private readonly most = 1_250) {}

  /** A pointer event comes when the pointer has reached another whole pixel. */
  move(t: number, { x, y }: Place): void {
    const at = { x: Math.round(x), y: Math.round(y) };
    if (at.x === this.last?.x && at.y === this.last.y) return;
    this.last = at;
    this.add('mousemove', t, at);
  }

  /** A click with its press and release; where the pointer is, if no place is named. */
  click(t: number, holdMs: number, place: Place | undefined = this.last): void {
    const at = place && { x: Math.round(place.x), y: Math.round(place.y) };
    this.add('mousedown', t, at);
    this.add('mouseup', t + holdMs, at);
    this.add('click', t + holdMs, at);
  }

  add(type: string, t: number, rest: Partial<Place> & { readonly key?: string } = {}): void {
    if (this.actions.length < this.most) this.actions.push({ type, t: Math.round(t), ...rest });
  }

  session(browserFeatures: Session['browserFeatures'] = {}): Session {
    // Keys overlap: the next one goes down before the last one is up.
    return { actions: this.actions.toSorted((a, b) => timeOf(a) - timeOf(b)), browserFeatures };
  }
}

const timeOf = ({ t }: SessionAction) => (typeof t === 'number' ? t : 0);
