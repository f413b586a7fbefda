/** What higher modules may know of tokens: the events that they publish. */
export { NFT_EVENTS } from './domain/published-events.js';
