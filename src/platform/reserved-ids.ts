// Ids that nobody may give his own objects: names of our own that stand where an id could, and names of calls that lie
// beside `/{id}`.

const OURS = ["root", "unreadable", "unknown", "system", "cron", "queue", "stripe", "dashboard", "quittance"];
const CALLS = ["connect", "dismiss", "import", "new", "none", "oauth", "replay", "search", "sync", "retry"];
const RESERVED: ReadonlySet<string> = new Set([...OURS, ...CALLS]);

/** Whatever its case: two ids that differ in nothing else are taken for one another. */
export function isReservedId(id: string): boolean {
  return RESERVED.has(id.toLowerCase());
}
