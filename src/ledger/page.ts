// A page of a list, newest first.

/** @see afterPosition: rows come after it when ordered by time and then id, both descending */
export type Page = { limit: number; after: { timeMs: number; id: string } | null };
