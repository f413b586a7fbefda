import Table from 'cli-table3';

/** A file or a pipe gets plain text. */
const coloured = process.stdout.isTTY;

/** Prints a heading that says what the reader is about to see. */
export function heading(title: string, explanation: string): void {
  console.log(`\n${coloured ? `\u001b[1m${title}\u001b[0m` : title}\n${explanation}`);
}

/** Prints rows under column names; amounts are already text. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const printed = new Table({
    head: [...head],
    style: coloured ? { head: ['cyan'], border: ['grey'] } : { head: [], border: [] },
  });
  printed.push(...rows.map((row) => [...row]));
  console.log(printed.toString());
}

/** Cents as people write dollars: 11895 → $118.95. */
export function dollars(cents: unknown): string {
  const amount = BigInt(cents as number);
  const magnitude = amount < 0n ? -amount : amount;
  const text = `$${magnitude / 100n}.${String(magnitude % 100n).padStart(2, '0')}`;
  return amount < 0n ? `−${text}` : text;
}
