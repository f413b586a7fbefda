import { LimitKeys } from './limit-keys.js';

describe('LimitKeys', () => {
  const keys = new LimitKeys(['secret-b']);
  const rotated = new LimitKeys(['secret-a', 'secret-b']);

  it('hashes the same to the same, in a form that tells nothing', () => {
    const [hash] = keys.hash('event', '1 main street');
    expect(hash).toMatch(/^[\da-f]{32}$/);
    expect(keys.hash('event', '1 main street')).toEqual([hash]);
  });

  it('hashes other parts, other borders between them and other secrets to others', () => {
    const hashes = [
      keys.hash('a', 'bc'),
      keys.hash('ab', 'c'),
      keys.hash('abc'),
      keys.hash('a', 'bd'),
      new LimitKeys(['secret-a']).hash('a', 'bc'),
    ].flat();
    expect(new Set(hashes).size).toBe(5);
  });

  it('counts under each of its keys, in an order that does not depend on theirs', () => {
    const both = rotated.hash('a');
    expect(both).toHaveLength(2);
    expect(both).toEqual(expect.arrayContaining(keys.hash('a')));
    expect(both).toEqual([...both].sort());
    expect(new LimitKeys(['secret-b', 'secret-a']).hash('a')).toEqual(both);
  });

  it('needs a secret', () => {
    expect(() => new LimitKeys([])).toThrow('no secret');
  });
});
