import { env } from "cloudflare:workers";
import { describe, expect, onTestFinished, test } from "vitest";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { createOpenInvoice, createTenantWorld, createWorld, eventually } from "../harness/world.ts";
import { HOSTILE, hiddenOf, invoiceOf, linkedWorld, paidWorld, refundsAtStripe } from "./action-fixture.ts";
import { open, send, signIn, textOf } from "./browse.ts";
import { insertLink, insertReconciliation, insertTimelineEntry } from "./rows.ts";

describe("an action", () => {
  test("is not offered to a key of role read, and refused with words when it is sent all the same", async () => {
    const world = await paidWorld();
    const cookie = await signIn(world.keys.read);
    const page = await open(world.page, cookie);
    expect(page.html).not.toContain("/refund");
    expect(page.html).not.toMatch(/<form[^>]*method="post"(?![^>]*sign-out)/);
    for (const path of [world.form, `${world.page}/void`, `${world.page}/send`]) {
      const refused = await send(path, { confirm: "yes", token: crypto.randomUUID() }, { cookie });
      expect([path, refused.status]).toEqual([path, 403]);
      expect(textOf(refused.html)).toContain("needs a key of role &#39;write&#39;");
    }
    const writer = await signIn(world.keys.write);
    const connection = `/dashboard/connections/${world.connectionId}`;
    expect((await open("/dashboard/connections", writer)).html).not.toContain("Reconcile now");
    expect((await open(`${connection}/test`, writer)).status).toBe(403);
    expect((await send(`${connection}/test`, { confirm: "yes" }, { cookie: writer })).status).toBe(403);
    expect((await send(`${connection}/reconcile`, {}, { cookie: writer })).status).toBe(403);
    expect(refundsAtStripe(world)).toHaveLength(0);
  });

  test("is refused when its form comes from another site", async () => {
    const world = await paidWorld();
    const cookie = await signIn(world.keys.admin);
    const review = await send(world.form, { amount: "1", reason: "" }, { cookie });
    const fields = { ...hiddenOf(review.html), confirm: "yes" };
    for (const path of [world.form, `${world.page}/void`, `${world.page}/payment-link`]) {
      const page = await send(path, fields, { cookie, from: "https://evil.example" });
      expect([path, page.status]).toEqual([path, 403]);
    }
    expect(refundsAtStripe(world)).toHaveLength(0);
  });

  test("on an invoice is confirmed first: a new link sent twice is one, and void switches it off", async () => {
    const world = await linkedWorld();
    const cookie = await signIn(world.keys.write);
    const linkForm = `${world.page}/payment-link`;
    const fields = hiddenOf((await open(linkForm, cookie)).html);
    for (const _ of [1, 2]) {
      const page = await send(linkForm, fields, { cookie });
      expect(page.headers.get("location")).toBe(`${world.page}?done=link_replaced`);
    }
    const links = await ledgerSql(world.scope).prepare("SELECT revision FROM payment_links").all();
    expect(links.results).toHaveLength(2);

    await eventually(
      () => invoiceOf(world, world.invoiceId),
      (seen) => seen.payment_link.status === "active" && seen.payment_link.id !== world.linkId,
    );
    const replaced = textOf((await open(world.page, cookie)).html);
    expect(replaced).toMatch(new RegExp(`Earlier links.*${world.linkId}`));

    const confirm = await open(`${world.page}/void`, cookie);
    expect(textOf(confirm.html)).toContain("Nothing is owed any more");
    expect((await invoiceOf(world, world.invoiceId)).status).toBe("open");
    expect((await send(`${world.page}/void`, hiddenOf(confirm.html), { cookie })).status).toBe(303);
    expect((await invoiceOf(world, world.invoiceId)).status).toBe("void");
    const off = (html: string) =>
      /Stripe confirmed that it is off: \d{1,2} \w{3}, \d\d:\d\d /.test(textOf(html));
    await eventually(
      async () => (await open(world.page, cookie)).html,
      (html) => off(html) && textOf(html).includes("Payment link switched off"),
    );

    const late = await send(`${world.page}/uncollectible`, {}, { cookie });
    expect(late.status).toBe(409);
    expect(textOf(late.html)).toContain("is void. Only one that is open can become uncollectible.");
  });

  test("replays an event that gave up, tests a connection and wants a reconciliation", async () => {
    const world = await paidWorld();
    const cookie = await signIn(world.keys.admin);
    const read = async () =>
      (await world.api("GET", "/webhook_events?type=payment_intent.succeeded&status=processed")).body.data;
    const [row] = await eventually(read, (seen) => seen.length > 0);
    await ledgerSql(world.scope)
      .prepare("UPDATE webhook_events SET status = 'dead', processed_at_ms = NULL WHERE stripe_event_id = ?")
      .bind(row.stripe_event_id)
      .run();
    const event = `/dashboard/webhook-events/${row.id}`;
    expect((await open(event, cookie)).html).toContain("Replay");
    const replayed = await send(`${event}/replay`, {}, { cookie });
    expect([replayed.status, replayed.headers.get("location")]).toEqual([303, `${event}?done=replayed`]);
    const done = await open(`${event}?done=replayed`, cookie);
    expect(done.html).not.toContain("Replay");
    const again = await send(`${event}/replay`, {}, { cookie });
    expect(again.headers.get("location")).toBe(`${event}?done=replay_unneeded`);

    const connection = `/dashboard/connections/${world.connectionId}`;
    const asked = await open(`${connection}/test`, cookie);
    expect(textOf(asked.html)).not.toContain("Stripe takes the key.");
    const test = { ...hiddenOf(asked.html), confirm: "yes" };
    const tested = await send(`${connection}/test`, test, { cookie });
    expect(tested.status).toBe(303);
    const found = tested.headers.get("location") ?? "";
    // A reload shows it again, and so does the form sent twice.
    for (const _ of [1, 2])
      expect(textOf((await open(found, cookie)).html)).toContain("Stripe takes the key.");
    const twice = await send(`${connection}/test`, test, { cookie });
    expect(twice.headers.get("location")).toBe(found);
    const reconciled = await send(`${connection}/reconcile`, {}, { cookie });
    expect(reconciled.headers.get("location")).toBe("/dashboard/connections?done=reconciling");
    await eventually(
      async () => textOf((await open("/dashboard/connections", cookie)).html),
      (text) => text.includes("Events missed") && !text.includes("none has finished yet"),
    );
  });
});

test("a mail that is asked for twice by one form is one mail", async () => {
  Object.assign(env, { EMAIL_PROVIDER: "development" });
  onTestFinished(() => {
    Reflect.deleteProperty(env, "EMAIL_PROVIDER");
  });
  const world = await linkedWorld();
  const cookie = await signIn(world.keys.write);
  const { token = "" } = hiddenOf((await open(world.page, cookie)).html);
  for (const _ of [1, 2]) {
    const page = await send(`${world.page}/send`, { token }, { cookie });
    expect([page.status, page.headers.get("location")]).toEqual([303, `${world.page}?done=mailed`]);
  }
  const mails = await ledgerSql(world.scope).prepare("SELECT id FROM mails").all();
  expect(mails.results).toHaveLength(1);
  const other = hiddenOf((await open(world.page, cookie)).html).token ?? "";
  expect(other).not.toBe(token);
});

test("a link that could not be switched off says so in Stripe's words, as text", async () => {
  const world = await createTenantWorld();
  const invoice = await createOpenInvoice(world, { finalize: false });
  await insertLink(world.scope, { invoiceId: invoice.id, url: "https://buy.stripe.com/x" });
  const set = (status: string, error: string | null) =>
    ledgerSql(world.scope)
      .prepare("UPDATE payment_links SET deactivation = ?, deactivation_error = ? WHERE invoice_id = ?")
      .bind(status, error, invoice.id)
      .run();
  const cookie = await signIn(world.keys.read);
  const page = async () => (await open(`/dashboard/invoices/${invoice.id}`, cookie)).html;
  await set("pending", null);
  expect(textOf(await page())).toContain("has not confirmed it yet");
  await set("failed", HOSTILE);
  const html = await page();
  expect(textOf(html)).toContain("it may still be paid. &lt;script&gt;alert");
  expect(html).not.toContain("<script>alert");
});

test("events that no webhook brought are a warning on the overview and at the connection", async () => {
  const world = await createWorld();
  const cookie = await signIn(world.keys.read);
  const words = "3 events of Stripe&#39;s came by no webhook.";
  await insertReconciliation(world.scope, { connectionId: world.connectionId, eventsMissed: 0 });
  for (const path of ["/dashboard", "/dashboard/connections"])
    expect(textOf((await open(path, cookie)).html)).not.toContain("came by no webhook");
  await insertReconciliation(world.scope, { connectionId: world.connectionId, eventsMissed: 3 });
  expect(textOf((await open("/dashboard/connections", cookie)).html)).toContain(words);
  expect(textOf((await open("/dashboard", cookie)).html)).toContain(
    "3 events had news that no webhook brought.",
  );
});

test("links that had changed at Stripe unheard are a warning, and it stays for a day after the run that found them", async () => {
  const world = await createWorld();
  const cookie = await signIn(world.keys.read);
  const found = { connectionId: world.connectionId, eventsMissed: 0 };
  const HOUR = 60 * 60_000;
  for (const [row, words] of [
    [
      { ...found, linksMissed: 1 },
      /1 payment link had (?:changed at Stripe and no event told of it|news that no webhook brought)\./,
    ],
    [
      { ...found, missedAtMs: Date.now() - 23 * HOUR },
      /7 (?:events or links|changes) had news that no webhook brought\./,
    ],
    [{ ...found, missedAtMs: Date.now() - 25 * HOUR }, null],
  ] as const) {
    await insertReconciliation(world.scope, row);
    for (const path of ["/dashboard", "/dashboard/connections"]) {
      const text = textOf((await open(path, cookie)).html);
      if (words === null) expect([path, /no webhook|no event told/.test(text)]).toEqual([path, false]);
      else expect([path, text]).toEqual([path, expect.stringMatching(words)]);
    }
  }
  expect(textOf((await open("/dashboard/connections", cookie)).html)).toContain("Links missed 0");
});

test("a draft is finalised by form, once, and what stands in the way is said on its page", async () => {
  const world = await createWorld();
  const draft = await createOpenInvoice(world, { finalize: false });
  const page = `/dashboard/invoices/${draft.id}`;
  const reader = await signIn(world.keys.read);
  expect((await send(`${page}/finalize`, {}, { cookie: reader })).status).toBe(403);
  const cookie = await signIn(world.keys.write);
  expect((await open(page, cookie)).html).toContain(`href="${page}/finalize"`);
  const confirm = await open(`${page}/finalize`, cookie);
  expect(textOf(confirm.html)).toContain("Its payment link is made at Stripe.");
  expect((await invoiceOf(world, draft.id)).status).toBe("draft");
  for (const _ of [1, 2]) {
    const done = await send(`${page}/finalize`, hiddenOf(confirm.html), { cookie });
    expect(done.headers.get("location")).toBe(`${page}?done=finalized`);
  }
  await eventually(
    () => invoiceOf(world, draft.id),
    (seen) => seen.status === "open" && seen.payment_link.status === "active",
  );
  expect((await open(page, cookie)).html).not.toContain(`href="${page}/finalize"`);

  const alone = await createTenantWorld();
  const unconnected = await createOpenInvoice(alone, { finalize: false });
  const refused = await send(
    `/dashboard/invoices/${unconnected.id}/finalize`,
    {},
    { cookie: await signIn(alone.keys.write) },
  );
  expect(refused.status).toBe(409);
  expect(textOf(refused.html)).toContain("This environment has no Stripe connection");
});

test("an invoice tells its timeline oldest first with causes, and hostile details come out as text", async () => {
  const world = await createTenantWorld();
  const invoice = await createOpenInvoice(world, { finalize: false });
  await insertTimelineEntry(world.scope, {
    invoiceId: invoice.id,
    kind: "payment_failed",
    causeId: `evt_${HOSTILE}`,
    detail: { failure_message: HOSTILE, failure_code: HOSTILE, amount: 12900, currency: "EUR" },
  });
  await insertTimelineEntry(world.scope, {
    invoiceId: invoice.id,
    kind: HOSTILE,
    causeId: HOSTILE,
    detail: {},
  });
  const { html } = await open(`/dashboard/invoices/${invoice.id}`, await signIn(world.keys.read));
  const timeline = /<ol class="timeline">.*?<\/ol>/s.exec(html)?.[0] ?? "";
  expect(textOf(timeline)).toMatch(/Created.*API key.*Payment failed.*€129\.00.*Stripe/);
  expect(html).not.toMatch(/<script>alert|<img/);
  expect(timeline.split("&lt;script&gt;alert").length).toBeGreaterThan(4);
});
