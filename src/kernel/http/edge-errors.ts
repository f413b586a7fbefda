import type { OpenAPIObject } from '@nestjs/swagger';
import { ERROR_STATUS, type ErrorCode } from '../errors.js';
import { errorAnswer } from './api-docs.js';
import { LIMIT_EXTENSION } from './rate-limits/rate-limit.js';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
const BEHIND_A_TOKEN = [
  'AUTH_REQUIRED',
  'INVALID_TOKEN',
  'TOKEN_EXPIRED',
  'DATABASE_UNAVAILABLE',
] as const;
const WITH_A_BODY = ['PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'] as const;

/**
 * Adds to every operation what the edge may answer whatever the handler does: an unreadable request,
 * a missing token, too many requests, a body of another type or size, a database that is away.
 */
export function documentEdgeErrors(document: OpenAPIObject): void {
  for (const path of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = path[method];
      if (operation) add(operation, edgeCodes(operation, document.security));
    }
  }
}

function edgeCodes(operation: Operation, ofAll: OpenAPIObject['security'] = []): ErrorCode[] {
  const isProtected = (operation.security ?? ofAll).some(
    (scheme) => Object.keys(scheme).length > 0,
  );
  return [
    'BAD_REQUEST',
    ...(isLimited(operation) ? (['RATE_LIMIT_EXCEEDED'] as const) : []),
    ...(isProtected ? BEHIND_A_TOKEN : []),
    ...(operation.requestBody ? WITH_A_BODY : []),
  ];
}

/** All are, but those that say so. */
function isLimited(operation: Operation): boolean {
  return !(LIMIT_EXTENSION in operation && operation[LIMIT_EXTENSION] === 'none');
}

function add({ responses }: Operation, codes: readonly ErrorCode[]): void {
  for (const status of new Set(codes.map((code) => ERROR_STATUS[code]))) {
    const declared = responses[status];
    const content = declared && 'content' in declared ? declared.content : undefined;
    // A status that the route answers with a shape of its own stays as it says.
    const known = content?.['application/json'];
    if (known && !known.examples) continue;
    const own = Object.keys(known?.examples ?? {}) as ErrorCode[];
    const edge = codes.filter((code) => ERROR_STATUS[code] === status);
    responses[status] = errorAnswer([...new Set([...own, ...edge])]);
  }
}
