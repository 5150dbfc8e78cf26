// A customer on its way to Stripe, where a call of the ledger fails on the way: Stripe has one customer, in the end.

import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { ledgerName } from "../../src/ledger/client.ts";
import { ADA, atStripe, createSyncWorld, read } from "../customers/customer-fixture.ts";
import { guardedLedgers } from "../harness/guarded-ledgers.ts";
import { outboxOf, tryWork, whileQueueIsDown } from "../harness/outbox.ts";
import { testDeps } from "../harness/world.ts";

const VERBS = ["claimWork", "keepStripeCustomer", "concludeSync"] as const;
const MOMENTS = ["before it arrives", "after it was committed"] as const;

for (const verb of VERBS) {
  for (const moment of MOMENTS) {
    test(`${verb} that fails ${moment} leaves one Stripe customer, in step`, async () => {
      const world = await createSyncWorld({ outbound: true });
      const { id } = (await whileQueueIsDown(() => world.api("POST", "/customers", ADA))).body;
      const work = `sync_customer/${id}/1`;
      let hasFailed = false;
      const LEDGER = guardedLedgers(async (run, call) => {
        if (hasFailed || call?.verb !== verb) return run();
        hasFailed = true;
        if (moment === "after it was committed") await run();
        throw new Error("Network connection lost.");
      });
      await tryWork(world.scope, work, testDeps({}, { LEDGER }));
      expect(hasFailed).toBe(true);
      // The next try need not wait for the lease of the one that broke off.
      await evictDurableObject(env.LEDGER.getByName(ledgerName(world.scope)));
      await tryWork(world.scope, work);
      const customer = await read(world, id);
      expect(customer).toMatchObject({ sync_status: "synced", sync_error: null });
      expect(atStripe(world)).toMatchObject([{ ...ADA, id: customer.stripe_customer_id }]);
      expect(await outboxOf(world.scope)).toEqual([]);
    });
  }
}
