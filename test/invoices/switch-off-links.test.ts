import { expect, test, vi } from "vitest";
import type { StripeFactory } from "../../src/platform/stripe.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { tryWork, whileQueueIsDown } from "../harness/outbox.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createWorld, type TestWorld, testDeps } from "../harness/world.ts";
import {
  createLinkedInvoice,
  leaveSessionOpen,
  linkAtStripe,
  readInvoice,
  sessionsOf,
  timelineOf,
  untilInvoice,
} from "./invoice-fixture.ts";

const workOf = (invoiceId: string) => `deactivate_payment_link/${invoiceId}/1`;

/** Voids while the queue is down, so that the link can be switched off by hand. */
async function voidByHand(world: TestWorld, invoiceId: string): Promise<void> {
  const answer = await whileQueueIsDown(() => world.api("POST", `/invoices/${invoiceId}/void`));
  expect(answer.status).toBe(200);
}

for (const [verb, status] of [
  ["void", "void"],
  ["mark_uncollectible", "uncollectible"],
] as const) {
  test(`${verb} switches the link off at Stripe, expires its open sessions, and says when Stripe confirmed`, async () => {
    const world = await createWorld();
    const invoice = await createLinkedInvoice(world);
    const linkId = invoice.payment_link.id;
    await leaveSessionOpen(world, linkId);
    expect(invoice.payment_link).toMatchObject({ deactivation: "none", deactivated_at: null });

    const answer = await world.api("POST", `/invoices/${invoice.id}/${verb}`);
    expect(answer.body).toMatchObject({ status, payment_link: { status: "inactive" } });

    const after = await untilInvoice(
      world,
      invoice.id,
      ({ payment_link }) => payment_link.deactivation === "done",
    );
    expect(after.payment_link.deactivated_at).toMatch(/^20/);
    expect(linkAtStripe(world, linkId).active).toBe(false);
    expect(sessionsOf(world, linkId).map((session) => session.status)).toEqual(["expired"]);
    const off = (await timelineOf(world, invoice.id)).find((entry) => entry.kind === "link_switched_off");
    expect(off).toMatchObject({
      cause: { kind: "queue" },
      detail: { reason: status, payment_link: linkId, expired_sessions: 1 },
    });
  });
}

test("a payment switches the link off at Stripe and expires what another payer has open", async () => {
  const world = await createWorld();
  const invoice = await createLinkedInvoice(world);
  const linkId = invoice.payment_link.id;
  await leaveSessionOpen(world, linkId);
  await sandbox.pay(world.accountId, { paymentLinkId: linkId }, { card: "4242 4242 4242 4242" });
  await sandbox.settle();

  const after = await untilInvoice(
    world,
    invoice.id,
    ({ payment_link }) => payment_link.deactivation === "done",
  );
  expect(after).toMatchObject({ status: "paid", payment_link: { status: "used" } });
  expect(linkAtStripe(world, linkId).active).toBe(false);
  expect(
    sessionsOf(world, linkId)
      .map((session) => session.status)
      .sort(),
  ).toEqual(["complete", "expired"]);
});

for (const kind of ["cut_before", "cut_after", "server_error", "rate_limit", "timeout"] as const) {
  for (const path of ["/v1/payment_links", "/v1/checkout/sessions"]) {
    test(`Stripe's ${kind} at ${path} while a link is switched off ends the same at the next try`, async () => {
      const world = await createWorld();
      const invoice = await createLinkedInvoice(world);
      const linkId = invoice.payment_link.id;
      await leaveSessionOpen(world, linkId);
      await voidByHand(world, invoice.id);
      const deps = testDeps(kind === "timeout" ? { stripe: impatient() } : {});

      sandbox.world.faults.push({ method: "POST", path, times: 1, kind, retryAfterSeconds: 7 });
      const again = await tryWork(world.scope, workOf(invoice.id), deps);
      expect(again).toMatchObject({ status: "wanted", attempts: 1 });
      expect((await readInvoice(world, invoice.id)).payment_link.deactivated_at).toBeNull();

      expect(await tryWork(world.scope, workOf(invoice.id), deps)).toBeUndefined();
      const { payment_link } = await readInvoice(world, invoice.id);
      expect(payment_link).toMatchObject({ status: "inactive", deactivation: "done" });
      expect(linkAtStripe(world, linkId).active).toBe(false);
      expect(sessionsOf(world, linkId).map((session) => session.status)).toEqual(["expired"]);

      expect(await tryWork(world.scope, workOf(invoice.id), deps)).toBeUndefined();
      const after = await readInvoice(world, invoice.id);
      expect(after.payment_link.deactivated_at).toBe(payment_link.deactivated_at);
      const kinds = (await timelineOf(world, invoice.id)).map((entry) => entry.kind);
      expect(kinds.filter((entry) => entry === "link_switched_off")).toHaveLength(1);
    });
  }
}

test("a session that is completed while the link is switched off is left as it is", async () => {
  const world = await createWorld();
  const invoice = await createLinkedInvoice(world);
  const linkId = invoice.payment_link.id;
  await leaveSessionOpen(world, linkId);
  await voidByHand(world, invoice.id);
  const paying: StripeFactory = (key) => {
    const stripe = testDeps().stripe(key);
    const expire = stripe.checkout.sessions.expire.bind(stripe.checkout.sessions);
    vi.spyOn(stripe.checkout.sessions, "expire").mockImplementation(async (id) => {
      // In the moment between our listing it and our expiring it, its payer pays.
      await sandbox.pay(world.accountId, { sessionId: id }, { card: "4242 4242 4242 4242" });
      return expire(id);
    });
    return stripe;
  };
  await tryWork(world.scope, workOf(invoice.id), testDeps({ stripe: paying }));
  expect((await readInvoice(world, invoice.id)).payment_link.deactivation).toBe("done");
  expect(sessionsOf(world, linkId)).toMatchObject([{ status: "complete" }]);
  await sandbox.settle();
  const paid = await untilInvoice(world, invoice.id, (seen) => seen.amount_paid > 0);
  expect(paid).toMatchObject({ status: "void", payment_status: "overpaid", amount_paid: 12900 });
});

test("a page that Stripe does not expire while its payer is paying is tried again", async () => {
  const world = await createWorld();
  const invoice = await createLinkedInvoice(world);
  const linkId = invoice.payment_link.id;
  await leaveSessionOpen(world, linkId);
  await voidByHand(world, invoice.id);
  const refusing: StripeFactory = (key) => {
    const stripe = testDeps().stripe(key);
    const { sessions } = stripe.checkout;
    // A refusal in Stripe's own form, of a session that stays open.
    const refused = (id: string) => sessions.retrieve(id, { nonsense: "1" } as never);
    vi.spyOn(sessions, "expire").mockImplementation(refused);
    return stripe;
  };
  const again = await tryWork(world.scope, workOf(invoice.id), testDeps({ stripe: refusing }));
  expect(again).toMatchObject({ status: "wanted", error: expect.stringContaining("Stripe refused") });
  expect(await tryWork(world.scope, workOf(invoice.id))).toBeUndefined();
  expect((await readInvoice(world, invoice.id)).payment_link.deactivation).toBe("done");
  expect(sessionsOf(world, linkId)).toMatchObject([{ status: "expired" }]);
});

test("a link that could not be switched off for good says so, with Stripe's words", async () => {
  const world = await createWorld();
  const invoice = await createLinkedInvoice(world);
  await voidByHand(world, invoice.id);
  const refusing: StripeFactory = (key) => {
    const stripe = testDeps().stripe(key);
    vi.spyOn(stripe.paymentLinks, "update").mockImplementation((id) =>
      // A parameter that Stripe does not know: a refusal that no later try can change.
      stripe.paymentLinks.retrieve(id, { nonsense: "1" } as never),
    );
    return stripe;
  };
  await tryWork(world.scope, workOf(invoice.id), testDeps({ stripe: refusing }));
  const { payment_link } = await readInvoice(world, invoice.id);
  expect(payment_link).toMatchObject({ status: "inactive", deactivation: "failed", deactivated_at: null });
  expect(payment_link.error).toContain("Stripe refused");
});

test("a link that somebody switches off in Stripe's own dashboard shows as inactive and off", async () => {
  const world = await createWorld();
  const invoice = await createLinkedInvoice(world);
  await testDeps().stripe(world.secretKey).paymentLinks.update(invoice.payment_link.id, { active: false });
  await sandbox.settle();
  const after = await untilInvoice(
    world,
    invoice.id,
    ({ payment_link }) => payment_link.status === "inactive",
  );
  expect(after).toMatchObject({
    status: "open",
    payment_link: { deactivated_at: expect.stringMatching(/^20/) },
  });
});

test("a link of another account is not taken for switched off: the work ends, and the link says why", async () => {
  const world = await createWorld();
  const invoice = await createLinkedInvoice(world);
  await voidByHand(world, invoice.id);
  await ledgerSql(world.scope).prepare("UPDATE payment_links SET account_id = 'acct_other'").run();
  expect(await tryWork(world.scope, workOf(invoice.id))).toMatchObject({
    status: "dead",
    attempts: 1,
    error: expect.stringContaining("acct_other"),
  });
  const { payment_link } = await readInvoice(world, invoice.id);
  expect(payment_link).toMatchObject({
    deactivation: "failed",
    error: expect.stringContaining("acct_other"),
  });
  expect(linkAtStripe(world, payment_link.id).active).toBe(true);
});

/** A client that waits a tenth of a second for Stripe, where ours waits ten. */
function impatient(): StripeFactory {
  return (key) => {
    const stripe = testDeps().stripe(key);
    const update = stripe.paymentLinks.update.bind(stripe.paymentLinks);
    vi.spyOn(stripe.paymentLinks, "update").mockImplementation((id, params) =>
      update(id, params, { timeout: 100 }),
    );
    const expire = stripe.checkout.sessions.expire.bind(stripe.checkout.sessions);
    vi.spyOn(stripe.checkout.sessions, "expire").mockImplementation((id) => expire(id, {}, { timeout: 100 }));
    return stripe;
  };
}
