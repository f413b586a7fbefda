import path from 'node:path';
import { readSources } from './architecture/imports.js';
import { rules } from './architecture/rules.js';

const sources = readSources(path.join(__dirname, '../src'));
const fixtures = readSources(path.join(__dirname, 'architecture/fixtures'));

describe('the tree', () => {
  it('is read whole', () => {
    expect(sources.length).toBeGreaterThan(100);
    expect(sources.flatMap(({ imports }) => imports).length).toBeGreaterThan(sources.length);
  });

  it.each(rules.map((rule) => [rule.name, rule] as const))('%s', (_, rule) => {
    expect(rule.violations(sources)).toEqual([]);
  });
});

describe('the rules themselves', () => {
  it.each(rules.map((rule) => [rule.name, rule] as const))('bad fixture for: %s', (_, rule) => {
    expect(rule.violations(fixtures)).not.toEqual([]);
  });
});
