import { ApiParam } from '@nestjs/swagger';

/** Documents a path parameter that is the id of a payment. */
export const ApiPaymentId = (name: string): MethodDecorator =>
  ApiParam({
    name,
    description: 'The id that the purchase answered',
    schema: { type: 'string', format: 'uuid' },
  });
