export { CONGESTION_LEVELS, type CongestionLevel } from './congestion.js';
export { GasModule } from './gas.module.js';
export { type ChainOffer, type GasEstimate, GasOracle } from './gas-oracle.js';
