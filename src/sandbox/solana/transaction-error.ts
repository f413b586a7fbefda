/** A transaction's error as the JSON-RPC of a node tells it. */
export type TransactionError = string | Readonly<Record<string, unknown>>;

/** `TransactionError` of Agave in its order, as far as a transaction that is refused can have it. */
const FIELDLESS = [
  'AccountInUse',
  'AccountLoadedTwice',
  'AccountNotFound',
  'ProgramAccountNotFound',
  'InsufficientFundsForFee',
  'InvalidAccountForFee',
  'AlreadyProcessed',
  'BlockhashNotFound',
  'CallChainTooDeep',
  'MissingSignatureForFee',
  'InvalidAccountIndex',
  'SignatureFailure',
  'InvalidProgramForExecution',
  'SanitizeFailure',
];

const INSTRUCTION = /index: (\d+), error: (?:InstructionErrorCustom \{ code: (\d+) \}|(\w+))/;
const RENT = /InsufficientFundsForRent \{ account_index: (\d+) \}/;

/** A node's words for what LiteSVM says went wrong. */
export function transactionError(error: unknown): TransactionError {
  if (typeof error === 'number') return FIELDLESS[error] ?? 'SanitizeFailure';
  const text = String(error);
  const [, account] = RENT.exec(text) ?? [];
  if (account !== undefined)
    return { InsufficientFundsForRent: { account_index: Number(account) } };
  const [, index, custom, name] = INSTRUCTION.exec(text) ?? [];
  if (index === undefined) return 'SanitizeFailure';
  return {
    InstructionError: [Number(index), custom === undefined ? name : { Custom: Number(custom) }],
  };
}
