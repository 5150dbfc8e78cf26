// Copies a value as it would look after being sent: what is kept, and what an event shows, must not
// change when the object it was taken from does.

/** A deep copy through JSON. Stripe's decimals become the strings that they are on the wire. */
export function plain<T>(value: T): T {
  return value === undefined ? value : JSON.parse(JSON.stringify(value));
}

/** Whole seconds since the epoch, as Stripe stamps its objects. */
export function seconds(nowMs: number): number {
  return Math.floor(nowMs / 1000);
}
