// How what one event says of a payment, refund or dispute merges into its row: upward only, so that the same facts
// in any order, any number of times, end in the same row. Pure.

type Known = string | number | null;

/** The two sides of a merge, and which state stands: the one of the greater order. */
export type Sides<Row> = { mine: Row; theirs: Row };
type Ordered = { stateOrder: number; status: string; occurredAtMs: number };

export function isNewer({ mine, theirs }: Sides<Ordered>): boolean {
  return theirs.stateOrder > mine.stateOrder;
}

export function isSame({ mine, theirs }: Sides<Ordered>): boolean {
  return theirs.stateOrder === mine.stateOrder;
}

/** Belongs to the object, and never changes once it is known: of two that are known, the greater. */
export function ofObject<T extends Known>(mine: T, theirs: T): T {
  if (mine === null) return theirs;
  if (theirs === null) return mine;
  return theirs > mine ? theirs : mine;
}

/** Belongs to the object: when something first was, ms. */
export function earliest(mine: number | null, theirs: number | null): number | null {
  if (mine === null || theirs === null) return mine ?? theirs;
  return Math.min(mine, theirs);
}

/** Belongs to the state: the newer state's value, and of two facts about one state the greater known one. */
export function ofState<Row extends Ordered, Name extends keyof Row>(
  sides: Sides<Row>,
  name: Name,
): Row[Name] {
  const { mine, theirs } = sides;
  if (isNewer(sides)) return theirs[name];
  return isSame(sides) ? (ofObject(mine[name] as Known, theirs[name] as Known) as Row[Name]) : mine[name];
}

/**
 * When the state began, ms: of several events that tell of one state, the earliest.
 * @param forGood a status that never ends, whose facts may be of different orders
 */
export function began(sides: Sides<Ordered>, forGood?: string): number {
  const { mine, theirs } = sides;
  const bothForGood = forGood !== undefined && mine.status === forGood && theirs.status === forGood;
  if (bothForGood || isSame(sides)) return Math.min(mine.occurredAtMs, theirs.occurredAtMs);
  return isNewer(sides) ? theirs.occurredAtMs : mine.occurredAtMs;
}
