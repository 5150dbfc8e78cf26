// A stored time as text. Nothing here throws: a list must not fail for one row whose time is none.

// RFC 3339 knows years of four digits.
const FIRST_MS = Date.parse("0000-01-01T00:00:00.000Z");
const LAST_MS = Date.parse("9999-12-31T23:59:59.999Z");

/** What is later than this second is no time. */
export const LAST_SECOND = Math.floor(LAST_MS / 1000);

/** A time that has a date: of what lies beyond the years 0 to 9999 the nearest, of what is no time the epoch. ms */
export function asTime(ms: number): number {
  const time = Math.trunc(Number(ms));
  return Number.isNaN(time) ? 0 : Math.min(Math.max(time, FIRST_MS), LAST_MS);
}

/** ms -> RFC 3339 UTC. */
export function isoTime(ms: number): string {
  return new Date(asTime(ms)).toISOString();
}
