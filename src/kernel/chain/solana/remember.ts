/** Asks at most once in `milliseconds`; who asks at the same time waits for the same answer. */
export function remembering<T>(milliseconds: number, ask: () => Promise<T>): () => Promise<T> {
  let asked: { readonly answer: Promise<T>; readonly at: number } | undefined;
  return () => {
    if (asked && performance.now() - asked.at < milliseconds) return asked.answer;
    const answer = ask();
    const mine = { answer, at: performance.now() };
    asked = mine;
    // A failure is not an answer: whoever comes next asks again.
    answer.catch(() => {
      if (asked === mine) asked = undefined;
    });
    return answer;
  };
}
