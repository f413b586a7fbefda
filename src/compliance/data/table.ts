import type { RowConfidence } from '../domain/rules.js';

/** The lines of a data table, each cut into exactly `columns` cells. Throws on any other line. */
export function tableRows(table: string, columns: number): string[][] {
  return table
    .trim()
    .split('\n')
    .map((line) => cells(line, columns));
}

/** The rows of a table in sections, each with the `[name]` of its section as the first cell. */
export function sectionedRows(table: string, columns: number): string[][] {
  const rows: string[][] = [];
  let section = '';
  for (const line of table.trim().split('\n')) {
    const heading = /^\[(.+)\]$/.exec(line)?.[1];
    if (heading === undefined) rows.push([section, ...cells(line, columns)]);
    else section = heading;
  }
  return rows;
}

function cells(line: string, columns: number): string[] {
  const found = line.split('|');
  if (found.length !== columns) throw new Error(`not a row of ${columns} columns: ${line}`);
  return found;
}

export function dateOrNull(cell: string): string | null {
  if (cell === '') return null;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(cell)) throw new Error(`not a date: ${cell}`);
  return cell;
}

export function confidence(cell: string): RowConfidence {
  if (cell === 'high' || cell === 'medium' || cell === 'low' || cell === 'conflict') return cell;
  throw new Error(`not a confidence: ${cell}`);
}

/** Groups rows by a key, in their order. */
export function indexBy<Row>(
  rows: readonly Row[],
  key: (row: Row) => string,
): ReadonlyMap<string, Row[]> {
  const index = new Map<string, Row[]>();
  for (const row of rows) {
    const group = index.get(key(row));
    if (group) group.push(row);
    else index.set(key(row), [row]);
  }
  return index;
}
