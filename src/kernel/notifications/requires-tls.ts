/**
 * Whoever logs in to another machine does so under TLS: without it, whoever stands between
 * could have password and mail by leaving STARTTLS out. `requireTLS=false` says otherwise.
 */
export function requiresTls({ searchParams, username, hostname }: URL): boolean {
  const asked = searchParams.get('requireTLS');
  if (asked !== null) return asked === 'true';
  return username !== '' && !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
