import { applyDecorators, HttpCode, type Type } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiResponse } from '@nestjs/swagger';
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

/** Documents the header by which a buyer who has queued is told from one who has not. */
export function ApiAccessToken(): MethodDecorator {
  return ApiHeader({
    name: 'x-access-token',
    required: false,
    description: "The waiting room's token; required where the event is in high demand",
  });
}

/** Documents what the check of a buyer refuses: both APIs sell. */
export function ApiScreeningErrors(): MethodDecorator {
  return applyDecorators(
    ApiErrors('QUEUE_TOKEN_REQUIRED', 'INVALID_ACCESS_TOKEN', 'BOT_DETECTED', 'FRAUD_DETECTED'),
    ApiErrors('PURCHASE_LIMIT_EXCEEDED', 'RATE_LIMIT_EXCEEDED'),
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
