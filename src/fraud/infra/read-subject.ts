import { isIP } from 'node:net';
import type { FieldError } from '../../kernel/errors.js';
import { isUuid } from '../../kernel/ids.js';
import type { BillingAddress } from '../../waiting-room/waiting-room.contract.js';
import { normalised, type Subject, type SubjectType } from '../domain/list-entry.js';

/** Whom somebody wants on a list: a billing address for an `address`, a value for any other type. */
export interface NamedSubject {
  readonly type: SubjectType;
  readonly value: string | null;
  readonly billingAddress: BillingAddress | null;
}

/** The subject that was named, or the field that names none or too many. */
export function readSubject({ type, value, billingAddress }: NamedSubject): Subject | FieldError {
  if (type === 'address') {
    if (value !== null) return { field: 'value', message: 'is none of an address' };
    if (billingAddress) return { type, value: billingAddress };
    return { field: 'billingAddress', message: 'must be given for an address' };
  }
  if (billingAddress) return { field: 'billingAddress', message: `is none of a ${type}` };
  if (value === null) return { field: 'value', message: 'must be given' };
  const subject = { type, value };
  return isOfItsType(subject) ? subject : { field: 'value', message: `is no ${type}` };
}

export function isSubject(read: Subject | FieldError): read is Subject {
  return 'type' in read;
}

function isOfItsType(subject: Exclude<Subject, { type: 'address' }>): boolean {
  const { type, value } = subject;
  if (type === 'user') return isUuid(value.trim());
  if (type === 'ip') return isIP(value.trim()) !== 0 && !value.includes('%');
  return normalised(subject) !== '';
}
