import { createLogger, NestLogger } from './logger.js';
import { withRequestContext } from './request-context.js';

function capture(level = 'info') {
  const lines: string[] = [];
  const pino = createLogger(level, { write: (line: string) => void lines.push(line) });
  const last = () => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown>;
  return { log: new NestLogger(pino), lines, last };
}

describe('the logger', () => {
  it('writes one JSON object a line, with time, component and message', () => {
    const { log, last } = capture();
    log.log({ msg: 'Payment processed', paymentId: 'p1', amount: 10000 }, 'PaymentController');
    expect(last()).toEqual({
      level: 'info',
      time: expect.any(Number),
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      component: 'PaymentController',
      msg: 'Payment processed',
      paymentId: 'p1',
      amount: 10000,
    });
  });

  it('names the request and its caller', async () => {
    const { log, last } = capture();
    const context = { requestId: 'r1', correlationId: 'c1', tenantId: 't1', userId: 'u1' };
    await withRequestContext(context, async () => {
      await Promise.resolve();
      log.warn('inside', 'Edge');
    });
    expect(last()).toMatchObject({ ...context, level: 'warn', msg: 'inside' });
    log.warn('outside', 'Edge');
    expect(last()).not.toHaveProperty('requestId');
  });

  it('logs errors with stack and cause, redacted', () => {
    const { log, lines, last } = capture();
    const cause = new Error('card 4242424242424242 of ada@example.com');
    log.error(new Error('Stripe said no to sk_live_abcdef123', { cause }), 'Stripe');
    expect(last()).toMatchObject({ level: 'error', component: 'Stripe' });
    expect(lines[0]).toContain('logger.spec');
    expect(lines[0]).not.toMatch(/4242424242424242|ada@|sk_live_abc/);
  });

  it("keeps a stack that Nest's own logger passes as text", () => {
    const { log, last } = capture();
    log.error('failed', 'Error: failed\n    at x', 'Router');
    expect(last()).toMatchObject({
      msg: 'failed',
      component: 'Router',
      stack: expect.stringContaining('at x'),
    });
  });

  it('cannot be made to write two lines', () => {
    const { log, lines } = capture();
    log.log('a\r\n{"level":"fatal"}\u0000\u2028', 'Edge');
    expect(lines).toHaveLength(1);
    expect(lines[0]?.slice(0, -1)).not.toMatch(/[\r\n\0]/);
  });

  it('stays silent below its level', () => {
    const { log, lines } = capture('warn');
    log.log('x', 'Y');
    log.debug('x', 'Y');
    expect(lines).toEqual([]);
  });
});
