// Work that brings a customer to Stripe, in SQL; it goes with the rooms that still speak it.

import { sql } from "drizzle-orm";
import type { Database, Statement } from "../platform/commit.ts";
import { syncJobsOf } from "./outbound.ts";

/** A statement that drops the customer's jobs, with what Stripe said to them: nothing is pushed any more. */
export function dropSyncJobs(database: Database, customerId: string): Statement {
  const begin = syncJobsOf(customerId);
  return database.run(sql`DELETE FROM outbox WHERE id >= ${`${begin}/`} AND id < ${`${begin}0`}`);
}
