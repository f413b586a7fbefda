import { createRequire, syncBuiltinESMExports } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { core, NodeSDK, resources, tracing } from '@opentelemetry/sdk-node';
import { discreet } from './span-facts.js';
import { type SpanFacts, type Tracing, useTracing } from './trace-context.js';

const FLUSH_MS = 2_000;
const EXPORT_MS = 5_000;
const UNTRACED = /^\/(health|metrics)/;

/** Where spans go and under which name; sampler and headers are read from their `OTEL_` variables. */
export interface TracingOptions {
  /** OTLP over HTTP, without `/v1/traces`. */
  readonly endpoint: string;
  readonly serviceName: string;
}

/**
 * Switches tracing on, in the process that imports this file. It must do so before it imports
 * whatever uses http or pg: those are changed here, and who has taken a function of theirs keeps
 * the one it took.
 */
export function startTracing({ endpoint, serviceName }: TracingOptions): void {
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    timeoutMillis: EXPORT_MS,
  });
  const sdk = new NodeSDK({
    serviceName,
    // The others tell the command line and the user of the process.
    resourceDetectors: [resources.envDetector],
    // Without baggage: what a stranger puts there would be passed on to providers and tenants.
    textMapPropagator: new core.W3CTraceContextPropagator(),
    spanProcessors: [new tracing.BatchSpanProcessor(discreet(exporter))],
    metricReaders: [],
    logRecordProcessors: [],
    instrumentations: [
      new HttpInstrumentation({
        ignoreIncomingRequestHook: ({ url = '' }) => UNTRACED.test(url),
        requireParentforOutgoingSpans: true,
      }),
      new PgInstrumentation({ requireParentSpan: true }),
    ],
  });
  sdk.start();
  instrument();
  useTracing(new OpenTelemetry(sdk));
}

/**
 * The instrumentations change modules as `require` hands them out, and the application imports
 * them. Required once they are changed for everybody, if Node is told to renew its own exports.
 */
function instrument(): void {
  const require = createRequire(import.meta.url);
  for (const name of ['http', 'https', 'pg']) require(name);
  syncBuiltinESMExports();
}

class OpenTelemetry implements Tracing {
  private readonly tracer = trace.getTracer('tickettoken-payments');

  constructor(private readonly sdk: NodeSDK) {}

  traceparent(): string | undefined {
    const carrier: { traceparent?: string } = {};
    propagation.inject(context.active(), carrier);
    return carrier.traceparent;
  }

  continued<T>(traceparent: string | undefined, name: string, work: () => Promise<T>): Promise<T> {
    const origin = propagation.extract(ROOT_CONTEXT, { traceparent });
    const span = this.tracer.startSpan(name, { kind: SpanKind.CONSUMER }, origin);
    return ended(span, () => context.with(trace.setSpan(origin, span), work));
  }

  leaf<T>(name: string, facts: () => SpanFacts, work: () => Promise<T>): Promise<T> {
    if (!trace.getActiveSpan()) return work();
    const span = this.tracer.startSpan(name, { kind: SpanKind.CLIENT });
    if (span.isRecording()) span.setAttributes({ ...facts() });
    // The driver's instrumentation asks for a parent, and finds none here.
    return ended(span, () => context.with(trace.deleteSpan(context.active()), work));
  }

  describe(name: string, facts: SpanFacts): void {
    trace
      .getActiveSpan()
      ?.updateName(name)
      .setAttributes({ ...facts });
  }

  async stop(): Promise<void> {
    useTracing(undefined);
    const bound = sleep(FLUSH_MS, undefined, { ref: false });
    await Promise.race([this.sdk.shutdown().catch(() => undefined), bound]);
  }
}

async function ended<T>(span: Span, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const type = error instanceof Error ? error.name : typeof error;
    span.setAttribute('error.type', type).setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}
