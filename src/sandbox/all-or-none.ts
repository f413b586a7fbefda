interface Closable {
  close(): Promise<void>;
}

/** What was started side by side. Where one start fails, the others are ended again. */
export async function allOrNone<T extends readonly Closable[]>(
  ...starts: { readonly [K in keyof T]: Promise<T[K]> }
): Promise<T> {
  const ended = await Promise.allSettled<Closable>(starts);
  if (ended.some(({ status }) => status === 'rejected')) {
    const started = ended.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    await Promise.all(started.map((each) => each.close()));
  }
  return Promise.all(starts) as Promise<unknown> as Promise<T>;
}
