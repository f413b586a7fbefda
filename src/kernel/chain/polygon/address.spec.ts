import { parseEvmAddress } from './address.js';

/** Of EIP-55, "Test Cases". */
const CHECKSUMMED = [
  '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed',
  '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359',
  '0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB',
  '0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb',
];

it.each(CHECKSUMMED)('writes %s with its checksum', (address) => {
  expect(parseEvmAddress(address)).toBe(address);
  expect(parseEvmAddress(address.toLowerCase())).toBe(address);
  expect(parseEvmAddress(`0x${address.slice(2).toUpperCase()}`)).toBe(address);
});

it.each([
  ['', 'nothing'],
  ['0x5aAeb6053F3E94C9b9A09f33669435E7Ef1Beaed', 'a wrong checksum'],
  ['0x0000000000000000000000000000000000000000', 'the zero address'],
  ['5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed', 'no 0x'],
  ['0X5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed', 'a capital X'],
  ['0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAe', 'too short'],
  ['0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed\n', 'a line break'],
  ['XE7338O073KYGTWWZN0F2WZ0R8PX5ZPPZS', 'an ICAP address'],
  ['vitalik.eth', 'a name'],
])('refuses %p: %s', (text) => {
  expect(parseEvmAddress(text)).toBeUndefined();
});
