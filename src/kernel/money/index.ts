export * from './allocate.js';
export * from './cents.js';
export * from './format-money.js';
export * from './rounding.js';
