/** How many wait in a run of the order; the run without a number holds those not drawn yet. */
export interface Block {
  readonly number: number | null;
  readonly waiting: number;
}

export interface Blocks {
  readonly total: number;
  /** Numbers in ascending order, and how many wait before each. */
  readonly numbers: readonly number[];
  readonly before: readonly number[];
}

export function blocksOf(blocks: readonly Block[]): Blocks {
  const drawn = blocks.filter((block): block is NumberedBlock => block.number !== null);
  drawn.sort((a, b) => a.number - b.number);
  const before: number[] = [];
  let ahead = 0;
  for (const { waiting } of drawn) {
    before.push(ahead);
    ahead += waiting;
  }
  const undrawn = blocks.find(({ number }) => number === null)?.waiting ?? 0;
  return { total: ahead + undrawn, numbers: drawn.map(({ number }) => number), before };
}

interface NumberedBlock extends Block {
  readonly number: number;
}

/** How many wait before somebody in block `number` who has `within` before them there. */
export function rankIn({ numbers, before, total }: Blocks, number: number, within: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? Infinity) < number) low = middle + 1;
    else high = middle;
  }
  // A block that is newer than the count comes after everything that was counted.
  return (before[low] ?? total) + within;
}
