import type { LoggerService, LogLevel } from '@nestjs/common';
import { pino, type DestinationStream, type Logger } from 'pino';
import { redact } from './redact.js';
import { requestContext } from './request-context.js';
import { currentTraceparent } from './trace-context.js';

function instant(): string {
  const now = new Date();
  return `,"time":${now.getTime()},"timestamp":"${now.toISOString()}"`;
}

/**
 * The process's logger: one JSON object a line on stdout with `level`, `time` (milliseconds),
 * `timestamp` (ISO 8601), `component`, `msg` and, inside a request, `requestId`, `correlationId`, `tenantId`, `userId`;
 * inside a trace, `traceparent`.
 * Each finished line is redacted, so nothing depends on where in an object a secret hides.
 */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: instant,
    formatters: { level: (label: string) => ({ level: label }) },
    mixin: () => ({ ...requestContext(), traceparent: currentTraceparent() }),
    hooks: { streamWrite: redact },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** Nest tells every module and route at each start: nobody wants that above `debug`. */
const START_UP_TALK = new Set([
  'InstanceLoader',
  'NestFactory',
  'RouterExplorer',
  'RoutesResolver',
]);

/**
 * Nest's `Logger` on pino: `new Logger('PaymentController').log({msg: 'Payment processed', paymentId})`
 * becomes one line with `component: "PaymentController"`. Errors carry their stack and cause.
 */
export class NestLogger implements LoggerService {
  constructor(private readonly pino: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    const talk = START_UP_TALK.has(String(rest.at(-1)));
    this.write(talk ? 'debug' : 'info', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.write('trace', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  /** Levels are configuration (`LOG_LEVEL`); Nest asks only when its own options name some. */
  setLogLevels(levels: LogLevel[]): void {
    if (levels.length === 0) this.pino.level = 'silent';
  }

  private write(
    level: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace',
    message: unknown,
    rest: readonly unknown[],
  ): void {
    if (!this.pino.isLevelEnabled(level)) return;
    const texts = rest.filter((part) => typeof part === 'string');
    const component = texts.at(-1);
    const err = [message, ...rest].find((part) => part instanceof Error);
    const stack = texts.length > 1 ? texts[0] : undefined;
    const fields = { component, ...(err ? { err } : {}), ...(stack ? { stack } : {}) };
    if (message instanceof Error) this.pino[level](fields, message.message);
    else if (typeof message === 'object') this.pino[level]({ ...fields, ...message });
    else this.pino[level](fields, String(message as string | number));
  }
}
