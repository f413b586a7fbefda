/** What the work answers, or `otherwise` when it takes longer; it goes on all the same. */
export async function within<T, U>(
  milliseconds: number,
  work: Promise<T>,
  otherwise: U,
): Promise<T | U> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<U>((resolve) => {
    timer = setTimeout(() => {
      resolve(otherwise);
    }, milliseconds);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
