import { LeaseBook } from './leases.js';

describe('LeaseBook', () => {
  let now: number;
  let running: Map<number, string>;
  let book: LeaseBook;

  beforeEach(() => {
    now = 1_000;
    running = new Map([
      [7, '7@a'],
      [8, '8@a'],
    ]);
    book = new LeaseBook(
      () => now,
      (pid) => running.get(pid),
    );
  });

  it('refuses a process that does not run', () => {
    expect(book.grant({ pid: 9 })).toBe(false);
    expect(book.living()).toEqual([]);
  });

  it('renews a lease with the address, as the newest', () => {
    book.grant({ pid: 7 });
    book.grant({ pid: 8 });
    book.grant({ pid: 7, baseUrl: 'http://127.0.0.1:1' });
    expect(book.living()).toEqual([{ pid: 8 }, { pid: 7, baseUrl: 'http://127.0.0.1:1' }]);
  });

  it('tells the last one that leaves', () => {
    book.grant({ pid: 7 });
    book.grant({ pid: 8 });
    expect(book.release(7)).toBe(false);
    expect(book.release(8)).toBe(true);
  });

  it('is not ended by someone it never knew', () => {
    expect(book.release(7)).toBe(false);
  });

  it('counts a killed process as gone when another leaves', () => {
    book.grant({ pid: 7 });
    book.grant({ pid: 8 });
    running.delete(7);
    expect(book.release(8)).toBe(true);
  });

  it('does not take a later process for the one that died', () => {
    book.grant({ pid: 7 });
    running.set(7, '7@b');
    expect(book.living()).toEqual([]);
  });

  it('is idle from its start, and again from when it noticed the last death', () => {
    now += 50;
    expect(book.idleMs()).toBe(50);
    book.grant({ pid: 7 });
    now += 50;
    expect(book.idleMs()).toBe(0);
    running.delete(7);
    now += 50;
    book.living();
    now += 20;
    expect(book.idleMs()).toBe(20);
  });

  it('is idle from a goodbye on', () => {
    book.grant({ pid: 7 });
    now += 50;
    book.release(7);
    now += 30;
    expect(book.idleMs()).toBe(30);
  });
});
