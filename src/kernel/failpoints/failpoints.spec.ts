import { spawnSync } from 'node:child_process';
import { armFailpoints, failpoint, FAILPOINTS, parseFailpoints } from './failpoints.js';

afterEach(() => {
  armFailpoints(undefined);
});

describe('FAILPOINT', () => {
  it.each([undefined, '', ','])('%j arms nothing', (text) => {
    expect(parseFailpoints(text).size).toBe(0);
  });

  it('names points and what happens there', () => {
    const text =
      'purchase.after_charge:kill,purchase.after_intent:throw,outbox.after_delivery:sleep:20';
    expect(Object.fromEntries(parseFailpoints(text))).toEqual({
      'purchase.after_charge': { action: 'kill', milliseconds: 1000 },
      'purchase.after_intent': { action: 'throw', milliseconds: 1000 },
      'outbox.after_delivery': { action: 'sleep', milliseconds: 20 },
    });
  });

  it.each([
    ['purchase.after_lunch:kill', 'no failpoint is called purchase.after_lunch'],
    ['purchase.after_charge:explode', 'can kill, throw or sleep, not explode'],
    ['purchase.after_charge', 'can kill, throw or sleep'],
  ])('refuses %s', (text, message) => {
    expect(() => parseFailpoints(text)).toThrow(message);
  });

  it('has no name twice', () => {
    expect(new Set(FAILPOINTS).size).toBe(FAILPOINTS.length);
  });
});

describe('a failpoint', () => {
  it('does nothing unless it is armed', async () => {
    await expect(failpoint('purchase.after_charge')).resolves.toBeUndefined();
    armFailpoints('purchase.after_intent:throw');
    await expect(failpoint('purchase.after_charge')).resolves.toBeUndefined();
  });

  it('throws', async () => {
    armFailpoints('purchase.after_charge:throw');
    await expect(failpoint('purchase.after_charge')).rejects.toThrow(
      'failpoint purchase.after_charge',
    );
  });

  it('sleeps as long as it is told, then lets go on', async () => {
    jest.useFakeTimers();
    try {
      armFailpoints('purchase.after_charge:sleep:500');
      let over = false;
      const point = failpoint('purchase.after_charge').then(() => (over = true));
      await jest.advanceTimersByTimeAsync(499);
      expect(over).toBe(false);
      await jest.advanceTimersByTimeAsync(1);
      await point;
      expect(over).toBe(true);
    } finally {
      jest.useRealTimers();
    }
  });

  it('kills the process as kill -9 would, armed by the environment', () => {
    const script = `
      const { failpoint } = await import(process.argv[1]);
      await failpoint('purchase.after_charge');
      console.log('survived');`;
    const compiled = `${process.cwd()}/dist/src/kernel/failpoints/failpoints.js`;
    const run = (armed: string) =>
      spawnSync(process.execPath, ['--input-type=module', '-e', script, compiled], {
        env: { ...process.env, FAILPOINT: armed },
        encoding: 'utf8',
      });
    expect(run('purchase.after_charge:kill')).toMatchObject({ signal: 'SIGKILL', stdout: '' });
    expect(run('purchase.after_intent:kill')).toMatchObject({ status: 0, stdout: 'survived\n' });
  });
});
