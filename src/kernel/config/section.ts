import type { z } from 'zod';
import type { VariableMeta } from './fields.js';

/** Attaches what the example file and the error messages say about a variable. */
function variable<T extends z.ZodType>(schema: T, meta: VariableMeta): T {
  return schema.meta({ ...meta });
}

/** Variables of one section of `.env.example`: those that must be set, may be, or have a default. */
export const inSection = (section: string) => ({
  required: <T extends z.ZodType>(
    schema: T,
    description: string,
    rest: Partial<VariableMeta> = {},
  ) => variable(schema, { section, description, ...rest }),
  optional: <T extends z.ZodType>(
    schema: T,
    description: string,
    rest: Partial<VariableMeta> = {},
  ) => variable(schema.optional(), { section, description, optional: true, ...rest }),
  defaulted: <T extends z.ZodType>(schema: T, value: string, description: string) =>
    variable(schema.prefault(value as z.input<T>), { section, description, example: value }),
});
