/** Shown by wallets beside the name. */
export const SYMBOL = 'TICKET';
