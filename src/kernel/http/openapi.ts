import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { BEARER_SCHEME, INTERNAL_SCHEME } from '../auth/access.js';
import { ERROR_STATUS } from '../errors.js';
import { VERSION } from '../observability/health/service-info.js';
import { documentEdgeErrors } from './edge-errors.js';

const DESCRIPTION = `Sells tickets, keeps the ledger, pays venues.

Amounts are integers in the currency's minor unit (US cents); rates are parts per million.
Every error has the same shape; \`code\` is stable, \`error\` is for people.`;

const INTERNAL = `Hex HMAC-SHA256 with the service's secret over
\`METHOD\\npath?query\\ntimestamp\\nnonce\\ntenant\\nsha256hex(body)\`, beside the headers
\`x-internal-service\`, \`x-internal-timestamp\` (seconds, within five minutes), \`x-internal-nonce\`
(16 to 128 URL-safe characters, works once) and \`x-internal-tenant\`.`;

const ERROR_SCHEMA = {
  type: 'object',
  required: ['error', 'code', 'timestamp', 'path', 'requestId'],
  properties: {
    error: { type: 'string' },
    code: { type: 'string', enum: Object.keys(ERROR_STATUS) },
    timestamp: { type: 'string', format: 'date-time' },
    path: { type: 'string' },
    requestId: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['field', 'message'],
        properties: { field: { type: 'string' }, message: { type: 'string' } },
      },
    },
  },
};

/** The OpenAPI document of the application: what every route takes, answers and refuses. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const outline = new DocumentBuilder()
    .setTitle('TicketToken Payments')
    .setDescription(DESCRIPTION)
    .setVersion(VERSION)
    .setLicense('ISC', '')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }, BEARER_SCHEME)
    .addApiKey(
      { type: 'apiKey', in: 'header', name: 'x-internal-signature', description: INTERNAL },
      INTERNAL_SCHEME,
    )
    .addSecurityRequirements(BEARER_SCHEME)
    .build();
  const document = SwaggerModule.createDocument(app, outline);
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, Error: ERROR_SCHEMA },
  };
  documentEdgeErrors(document);
  return document;
}

/** Serves Swagger UI at /docs from the bundled files, and the document at /docs-json. */
export function serveOpenApi(app: INestApplication): void {
  SwaggerModule.setup('docs', app, () => openApiDocument(app), {
    jsonDocumentUrl: 'docs-json',
    raw: ['json'],
    customSiteTitle: 'TicketToken Payments',
    swaggerOptions: { persistAuthorization: true, validatorUrl: null },
  });
}
