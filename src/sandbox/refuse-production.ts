/**
 * Imported first by every way into the sandbox: with NODE_ENV=production the import itself
 * throws, before anything else of the sandbox is evaluated.
 */
if (process.env.NODE_ENV === 'production') {
  throw new Error('The sandbox never runs with NODE_ENV=production.');
}
