import { readFileSync } from 'node:fs';
import { changed, MUTANTS } from './mutants.js';

describe.each(Object.entries(MUTANTS))('the mutant %s', (_, { changes }) => {
  it('changes what stands in the sources today', () => {
    for (const change of changes) {
      expect(changed(readFileSync(change.file, 'utf8'), change)).toContain(change.to);
    }
  });
});

it('is refused when what it changes has gone, or stands there twice', () => {
  const change = { file: 'x.ts', from: 'a', to: 'b' };
  expect(() => changed('c', change)).toThrow('found 0 times');
  expect(() => changed('a a', change)).toThrow('found 2 times');
});
