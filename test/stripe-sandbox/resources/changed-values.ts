// What an update changed, for the `previous_attributes` of its event.

/** The values that `before` had and `after` has not. */
export function changedValues<T extends object>(before: T, after: T): Record<string, unknown> {
  const pairs = Object.entries(before).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(after[key as keyof T]),
  );
  return Object.fromEntries(pairs);
}
