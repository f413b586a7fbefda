import { type Label, LABELS, oppositeOf, wasFraud } from './label.js';

const dispute = (outcome: Label['outcome']): Label => ({ label: 'dispute', outcome });
const plain = (label: Label['label']): Label => ({ label, outcome: null });

it.each<[string, readonly Label[], boolean | null]>([
  ['nothing', [], null],
  ['a refund', [plain('refund')], null],
  ['an open dispute', [dispute('open')], true],
  ['a dispute lost', [dispute('lost'), plain('refund')], true],
  ['a dispute won', [dispute('won')], false],
  ['an approval', [plain('approved')], false],
  ['a rejection', [plain('rejected')], true],
  ['an approval, and a dispute lost', [plain('approved'), dispute('lost')], true],
  ['a rejection, and a dispute won', [plain('rejected'), dispute('won')], false],
])('%s', (_, labels, fraud) => {
  expect(wasFraud(labels)).toBe(fraud);
});

it('only reviewers contradict each other', () => {
  expect(LABELS.map((label) => [label, oppositeOf(label)])).toEqual([
    ['dispute', null],
    ['refund', null],
    ['approved', 'rejected'],
    ['rejected', 'approved'],
  ]);
});
