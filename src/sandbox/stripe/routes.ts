import { closeDispute } from './disputes/close.js';
import { listDisputes, retrieveDispute } from './disputes/read.js';
import { respondToDispute } from './disputes/respond.js';
import type { Operation } from './http/operation.js';
import { cancelIntent } from './payment-intents/cancel.js';
import { captureIntent } from './payment-intents/capture.js';
import { confirmIntent } from './payment-intents/confirm.js';
import { createIntent } from './payment-intents/create.js';
import { listIntents, retrieveIntent, searchIntents } from './payment-intents/read.js';
import { updateIntent } from './payment-intents/update.js';
import { cancelRefund } from './refunds/cancel.js';
import { createRefund } from './refunds/create.js';
import { listRefunds, retrieveRefund } from './refunds/read.js';
import { updateRefund } from './refunds/update.js';
import { retrieveBalance } from './resources/balance.js';
import { listTransactions, retrieveTransaction } from './resources/balance-transactions.js';
import { listCharges, retrieveCharge } from './resources/charges.js';
import { listEvents, retrieveEvent } from './resources/events.js';
import { retrieveMethod } from './resources/payment-methods.js';

/** Every operation the emulator has; the first that fits wins. A new resource adds its lines here. */
export const operations: readonly Operation[] = [
  createIntent,
  listIntents,
  searchIntents,
  retrieveIntent,
  updateIntent,
  confirmIntent,
  captureIntent,
  cancelIntent,
  createRefund,
  listRefunds,
  retrieveRefund,
  updateRefund,
  cancelRefund,
  listDisputes,
  retrieveDispute,
  respondToDispute,
  closeDispute,
  retrieveMethod,
  retrieveCharge,
  listCharges,
  retrieveTransaction,
  listTransactions,
  retrieveEvent,
  listEvents,
  retrieveBalance,
];
