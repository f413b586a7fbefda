import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts in hundredths of a second (`getconf CLK_TCK`), on every machine Node runs on. */
const TICK_MS = 10;

/** User and system time in milliseconds; null where there is no /proc. */
export function processMs(pid: number): number | null {
  const fields = statOf(pid);
  return fields && fields.own * TICK_MS;
}

/** The same of a server and all its children, those that have ended included. */
export function familyMs(pid: number): number | null {
  const parent = statOf(pid);
  if (!parent) return null;
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => statOf(Number(name)))
    .filter((stat) => stat?.parent === pid);
  const living = children.reduce((sum, stat) => sum + (stat?.own ?? 0), 0);
  return (parent.own + parent.ended + living) * TICK_MS;
}

interface Stat {
  readonly parent: number;
  readonly own: number;
  readonly ended: number;
}

/** See proc(5), /proc/pid/stat; the name in parentheses may hold spaces. */
function statOf(pid: number): Stat | null {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null;
  }
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const field = (number: number): number => Number(fields[number - 3]);
  return { parent: field(4), own: field(14) + field(15), ended: field(16) + field(17) };
}
