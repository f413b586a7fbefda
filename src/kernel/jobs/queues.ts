/** The queues of the platform (Payment service spec, Queues); each is a pool of workers of its own. */
export const QUEUES = [
  'payment-processing',
  'webhook-processing',
  'notifications',
  'reconciliation',
  'nft-minting',
] as const;

export type QueueName = (typeof QUEUES)[number];
