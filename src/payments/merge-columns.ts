// The SQL of merging upward: what one event says of a payment, refund or dispute goes into its row so that
// the same facts in any order, any number of times, end in the same row.

import { type SQL, sql } from "drizzle-orm";

/**
 * The right sides of ON CONFLICT DO UPDATE for one table: `theirs` is the fact that comes, `mine` the row
 * that is there.
 */
export function mergeInto(table: "payments" | "refunds" | "disputes") {
  const theirs = (column: string) => sql.raw(`excluded.${column}`);
  const mine = (column: string) => sql.raw(`${table}.${column}`);
  const newer = sql`${theirs("state_order")} > ${mine("state_order")}`;
  const same = sql`${theirs("state_order")} = ${mine("state_order")}`;
  /** The greater of two, and the known one where only one is. */
  const greater = (column: string): SQL =>
    sql`COALESCE(MAX(${mine(column)}, ${theirs(column)}), ${mine(column)}, ${theirs(column)})`;
  return {
    mine,
    theirs,
    newer,
    same,
    /** Belongs to the object: never changes once it is known. */
    ofObject: greater,
    /** Belongs to the state: the newer state's value, and of two facts about one state the greater known one. */
    ofState: (column: string): SQL =>
      sql`CASE WHEN ${newer} THEN ${theirs(column)} WHEN ${same} THEN ${greater(column)} ELSE ${mine(column)} END`,
    /**
     * When the state began: of several events that tell of one state, the earliest.
     * @param forGood a status that never ends, whose facts may be of different orders
     */
    began: (column: string, forGood?: string): SQL => {
      const [ours, other] = [mine(column), theirs(column)];
      const bothForGood = forGood
        ? sql`${mine("status")} = ${forGood} AND ${theirs("status")} = ${forGood}`
        : sql`FALSE`;
      return sql`CASE WHEN ${bothForGood} OR ${same} THEN MIN(${ours}, ${other})
        WHEN ${newer} THEN ${other} ELSE ${ours} END`;
    },
    highest: sql`MAX(${mine("state_order")}, ${theirs("state_order")})`,
  };
}
