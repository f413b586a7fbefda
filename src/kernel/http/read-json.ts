import { isUtf8 } from 'node:buffer';
import { AppError } from '../errors.js';
import { scanJson } from './json-scan.js';
import { forbiddenTexts, mayHoldForbiddenText } from './text-check.js';

const refuse = (message: string) => new AppError('BAD_REQUEST', message);

/**
 * Reads a JSON body from its bytes. 400 `BAD_REQUEST` for what cannot be read or believed (UTF-8,
 * byte order mark, grammar, depth, duplicate keys, inexact numbers), 422 `VALIDATION_ERROR` naming
 * the fields whose text holds forbidden characters.
 */
export function readJson(bytes: Buffer): unknown {
  if (bytes.length === 0) throw refuse('The body is empty');
  if (!isUtf8(bytes)) throw refuse('The body is not valid UTF-8');
  const text = bytes.toString('utf8');
  scanJson(text);
  const body = parse(text);
  if (mayHoldForbiddenText(text)) {
    const errors = forbiddenTexts(body);
    if (errors.length > 0) throw new AppError('VALIDATION_ERROR', 'Validation failed', { errors });
  }
  return body;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refuse('The body is not valid JSON');
  }
}
