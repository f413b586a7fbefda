import { applyDecorators, HttpCode, type Type } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { ApiCommonErrors, ApiErrors, ApiIdempotent } from '../../kernel/http/index.js';
import { RefundedPaymentView } from './payment-changes.view.js';

/** Answers `view` with 200, and with 202 while nobody knows the outcome. */
export function ApiSettled(view: Type): MethodDecorator {
  return applyDecorators(
    HttpCode(200),
    ApiOkResponse({ type: view }),
    ApiResponse({ status: 202, type: view, description: 'The outcome is not known yet' }),
  );
}

/** Documents a refund route: both APIs have one, of the same command. */
export function ApiRefund(): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary: 'Give money back: an amount, some tickets, or all that may go back' }),
    ApiIdempotent(),
    ApiSettled(RefundedPaymentView),
    ApiCommonErrors(),
    ApiErrors('FORBIDDEN', 'NOT_FOUND', 'PAYMENT_STATE_CONFLICT', 'PAYMENT_DISPUTED'),
    ApiErrors('REFUND_FAILED', 'REFUND_EXCEEDS_ORIGINAL', 'VALIDATION_ERROR', 'CONFLICT'),
    ApiErrors('PROVIDER_UNAVAILABLE', 'DATABASE_UNAVAILABLE'),
  );
}
