import { SpanKind } from '@opentelemetry/api';
import type { tracing } from '@opentelemetry/sdk-node';

/**
 * What may leave the process with a span. A list of what may instead of what may not: addresses of
 * clients, paths with their ids and queries, SQL and messages of errors can hold anything.
 */
const TELLABLE = new Set([
  'db.namespace',
  'db.operation.batch.size',
  'db.operation.name',
  'db.query.summary',
  'db.response.status_code',
  'db.system.name',
  'error.type',
  'http.request.method',
  'http.response.status_code',
  'http.route',
  'messaging.system',
  'messaging.operation.name',
  'network.protocol.version',
  'server.address',
  'server.port',
  'url.scheme',
]);

/** What the client of a request chooses, by its `Host` or `X-Forwarded-` headers. */
const CLIENTS_OWN = new Set(['server.address', 'server.port', 'url.scheme']);

/** The span as others may see it: its listed attributes, no message, no event, no client's `tracestate`. */
export function tellable(span: tracing.ReadableSpan): tracing.ReadableSpan {
  const { traceState: _, ...context } = span.spanContext();
  const attributes = Object.fromEntries(
    Object.entries(span.attributes).filter(
      ([key]) => TELLABLE.has(key) && !(span.kind === SpanKind.SERVER && CLIENTS_OWN.has(key)),
    ),
  );
  return Object.create(span, {
    attributes: { value: attributes },
    events: { value: [] },
    links: { value: [] },
    status: { value: { code: span.status.code } },
    spanContext: { value: () => context },
  }) as tracing.ReadableSpan;
}

/** An exporter that sees spans only as `tellable` leaves them. */
export function discreet(exporter: tracing.SpanExporter): tracing.SpanExporter {
  return {
    export: (spans, done) => {
      exporter.export(spans.map(tellable), done);
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
  };
}
