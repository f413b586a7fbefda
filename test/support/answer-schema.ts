import { Ajv, type ValidateFunction } from 'ajv';
import type { ApiDocument, Route, Schema } from './openapi.js';

/**
 * Judges answers by what the document promises. Members that the document does not name are wrong
 * too, unless it says that there may be more.
 */
export class AnswerSchemas {
  private readonly ajv = new Ajv({ strict: false, allErrors: true, formats: FORMATS });

  constructor(private readonly document: ApiDocument) {}

  /** What is wrong with the body of an answer; nothing when it is as documented. */
  flaws({ key, operation }: Route, status: number, body: unknown): string[] {
    const schema = operation.responses[status]?.content?.['application/json']?.schema;
    if (!schema) return [`${key} does not document ${status}`];
    const validate: ValidateFunction = this.ajv.compile(this.strict(schema));
    if (validate(body)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) =>
        `${key} ${status}${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  }

  /** As JSON Schema: OpenAPI 3.0 says `nullable` where JSON Schema has a type of its own. */
  private strict(declared: Schema): object {
    const { nullable, properties, items, additionalProperties, ...rest } =
      this.document.resolve(declared);
    const named = Object.entries(properties ?? {});
    const schema = {
      ...rest,
      ...(items ? { items: this.strict(items) } : {}),
      ...(properties
        ? { properties: Object.fromEntries(named.map(([name, s]) => [name, this.strict(s)])) }
        : {}),
      ...(additionalProperties === undefined
        ? {}
        : {
            additionalProperties:
              typeof additionalProperties === 'boolean'
                ? additionalProperties
                : this.strict(additionalProperties),
          }),
      ...(named.length > 0 && additionalProperties === undefined
        ? { additionalProperties: false }
        : {}),
    };
    return nullable ? { anyOf: [schema, { type: 'null' }] } : schema;
  }
}

const FORMATS = {
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  date: /^\d{4}-\d{2}-\d{2}$/,
  'date-time': /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/,
};
