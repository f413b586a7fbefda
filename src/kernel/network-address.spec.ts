import { ipAddress, networkOf } from './network-address.js';

const counted = (seen: string) => {
  const address = ipAddress(seen);
  return address && networkOf(address);
};

describe('row 44: what counts as one address', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:C000:0201', '192.0.2.1'],
    ['0:0:0:0:0:ffff:192.0.2.1', '192.0.2.1'],
    ['64:ff9b::198.51.100.7', '64:ff9b:0:0::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:db8::', '2001:db8:0:0::/64'],
    ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002:ffff:ffff:ffff:ffff', '2001:db8:1:2::/64'],
    ['2001:db8:1:2:0:0:192.0.2.1', '2001:db8:1:2::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['192.0.2.1:4711', '192.0.2.1'],
    ['[2001:db8:1:2::1]:4711', '2001:db8:1:2::/64'],
    ['[2001:db8:1:2::1]', '2001:db8:1:2::/64'],
    ['[fe80::1%eth0]:4711', 'fe80:0:0:0::/64'],
    ['[::ffff:192.0.2.1]:4711', '192.0.2.1'],
  ])('%s is %s', (seen, expected) => {
    expect(counted(seen)).toBe(expected);
  });

  it.each(['unknown', 'unknown:4711', '192.0.2.1:port', '[192.0.2.1', ''])('%j is none', (seen) => {
    expect(counted(seen)).toBeNull();
  });

  it('differs between two /64 of one network', () => {
    expect(networkOf('2001:db8:1:3::1')).not.toBe(networkOf('2001:db8:1:2::1'));
  });
});
