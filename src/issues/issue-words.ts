// Numbers in the sentences of issues.

/** `1 job`, `3 jobs`, `1,000 jobs or more`: no more than a thousand are counted. */
export function counted(count: number, one: string): string {
  const words = `${count.toLocaleString("en")} ${count === 1 ? one : `${one}s`}`;
  return count >= 1000 ? `${words} or more` : words;
}
