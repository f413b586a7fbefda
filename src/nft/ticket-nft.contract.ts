/** How the TicketNFT contract comes onto a chain; apart, because it loads what few processes need. */
export { contractAddress, deployTicketNft } from './infra/polygon/contract/deploy.js';
