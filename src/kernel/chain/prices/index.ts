export { formatMicroUsd, toMicroUsd } from './micro-usd.js';
export { type KnownPrice, Prices } from './prices.js';
