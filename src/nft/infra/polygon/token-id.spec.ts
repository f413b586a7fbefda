import { polygonTokenId } from './token-id.js';

it('is keccak256 of the ticket id in lower case', () => {
  const lower = polygonTokenId('018f3a1c-0000-7000-8000-00000000abcd');
  expect(polygonTokenId('018F3A1C-0000-7000-8000-00000000ABCD')).toBe(lower);
  expect(polygonTokenId('018f3a1c-0000-7000-8000-00000000abce')).not.toBe(lower);
});

it('is what others compute', () => {
  // keccak256 of the seven bytes "testing".
  const hash = '0x5f16f4c7f149ac4f9510d9cf8cf384038ad348b3bcdc01915f95de12df9d1b02';
  expect(polygonTokenId('testing')).toBe(BigInt(hash));
});
