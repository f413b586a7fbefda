import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { FAILPOINTS } from '../../src/kernel/failpoints/failpoints.js';

function sources(folder: string, wanted: (file: string) => boolean = () => true): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && path.join(folder, file) !== __filename)
    .filter(wanted)
    .map((file) => readFileSync(path.join(folder, file), 'utf8'));
}

/** Those of `names` that no text quotes. */
function unnamed(names: readonly string[], texts: readonly string[]): string[] {
  return names.filter(
    (name) => !texts.some((text) => text.includes(`'${name}'`) || text.includes(`'${name}:`)),
  );
}

describe('failpoints', () => {
  const tests = sources(path.resolve('test'));

  it('each has a test that names it', () => {
    expect(unnamed(FAILPOINTS, tests)).toEqual([]);
  });

  it('one that nobody tests is found', () => {
    expect(unnamed(['purchase.after_intent', 'purchase.nowhere'], tests)).toEqual([
      'purchase.nowhere',
    ]);
  });

  it('each stands in the code once', () => {
    const code = sources(path.resolve('src'), (file) => !file.endsWith('.spec.ts')).join('\n');
    const uses = FAILPOINTS.map((name) => [name, code.split(`failpoint('${name}')`).length - 1]);
    expect(uses).toEqual(FAILPOINTS.map((name) => [name, 1]));
  });
});
