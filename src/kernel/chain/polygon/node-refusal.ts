/** The node answered a question with an error (JSON-RPC 2.0, section 5.1). */
export class NodeRefusal extends Error {
  override readonly name = 'NodeRefusal';

  constructor(
    readonly code: number,
    message: string,
    /** Of a call that reverted: what the contract said, in hex. */
    readonly data: string | undefined,
  ) {
    super(message);
  }
}

/**
 * The node does not take a signed transaction: no money for it, a fee below the block's, a full pool.
 * The bytes are still good; they may be sent again.
 */
export class TransactionRejected extends Error {
  override readonly name = 'TransactionRejected';
}
