export * from './allocate.js';
export * from './cents.js';
export * from './rounding.js';
