import type {
  SignedTransaction,
  TicketChain,
  WalletClaim,
} from '../../../src/nft/infra/ticket-chain.js';

/** Somebody with a wallet of their own. */
export interface TestWallet {
  readonly address: string;
  sign(claim: Omit<WalletClaim, 'signature'>): Promise<string>;
}

/** An implementation of the chain under test, against a real node or virtual machine. */
export interface ChainUnderTest {
  readonly chain: TicketChain;
  /** The same signer on the same chain in a process that has just started. */
  restarted(): TicketChain;
  /** The same, but its node does not answer. */
  cutOff(): TicketChain;
  newWallet(): Promise<TestWallet> | TestWallet;
  /** Makes blocks, so that what was sent becomes final. */
  settle(): Promise<void> | void;
  /** From now on sent transactions vanish on their way, or only the answers do. */
  disturb(how: 'answers' | 'transactions'): Promise<void> | void;
  /** Ends every disturbance. */
  calm(): Promise<void> | void;
  /** Makes sure that no block can take this transaction any more. */
  outdate(transaction: SignedTransaction): Promise<void> | void;
  /** What is no wallet's address, by the reason. */
  readonly badAddresses: Readonly<Record<string, string>>;
}
