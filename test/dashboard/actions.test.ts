import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { sandbox } from "../harness/sandbox.ts";
import {
  createOpenInvoice,
  createTenantWorld,
  createWorld,
  eventually,
  type TestWorld,
} from "../harness/world.ts";
import { linksOf, open, send, signIn, textOf } from "./browse.ts";
import { insertReconciliation, insertTimelineEntry } from "./rows.ts";

const HOSTILE = `<script>alert("x")</script><img src=x onerror=alert(1)>'"`;

type Paid = TestWorld & { invoiceId: string; paymentId: string; page: string; form: string };

const invoiceOf = async (world: TestWorld, id: string) => (await world.api("GET", `/invoices/${id}`)).body;
const refundsAtStripe = (world: TestWorld) => Object.values(sandbox.accountFor(world.secretKey).refunds);

async function linkedWorld(): Promise<TestWorld & { invoiceId: string; linkId: string; page: string }> {
  const world = await createWorld();
  const { id } = await createOpenInvoice(world);
  const linked = await eventually(
    () => invoiceOf(world, id),
    (seen) => seen.payment_link.status === "active",
  );
  return { ...world, invoiceId: id, linkId: linked.payment_link.id, page: `/dashboard/invoices/${id}` };
}

/** An invoice over 129.00 EUR, paid through the sandbox. */
async function paidWorld(): Promise<Paid> {
  const world = await linkedWorld();
  await sandbox.pay(world.accountId, { paymentLinkId: world.linkId }, { card: "4242 4242 4242 4242" });
  await sandbox.settle();
  await eventually(
    () => invoiceOf(world, world.invoiceId),
    (seen) => seen.status === "paid",
  );
  const [payment] = (await world.api("GET", `/payments?invoice_id=${world.invoiceId}`)).body.data;
  return { ...world, paymentId: payment.id, form: `/dashboard/payments/${payment.id}/refund` };
}

/** The hidden fields of a page's form, as a browser would send them. */
function hiddenOf(html: string): Record<string, string> {
  const fields = html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g);
  return Object.fromEntries([...fields].map(([, name = "", value = ""]) => [name, value]));
}

describe("a refund by form", () => {
  test("shows what will happen, then ends as one refund at Stripe, by this key; sent twice it is one", async () => {
    const world = await paidWorld();
    const cookie = await signIn(world.keys.write);
    const invoice = await open(world.page, cookie);
    expect(linksOf(invoice.html)).toContain(world.form);
    expect((await open(world.form, cookie)).html).toContain('placeholder="129.00"');

    const review = await send(world.form, { amount: "50.00", reason: "duplicate" }, { cookie });
    expect(review.status).toBe(200);
    expect(textOf(review.html)).toContain("€79.00 of the payment stays");
    expect(refundsAtStripe(world)).toHaveLength(0);

    const fields = { ...hiddenOf(review.html), confirm: "yes" };
    const first = await send(world.form, fields, { cookie });
    const second = await send(world.form, fields, { cookie });
    for (const page of [first, second]) {
      expect([page.status, page.headers.get("location")]).toEqual([303, `${world.page}?done=refunded`]);
    }
    expect(refundsAtStripe(world)).toMatchObject([{ amount: 5000, reason: "duplicate" }]);
    await sandbox.settle();
    expect(await invoiceOf(world, world.invoiceId)).toMatchObject({ amount_refunded: 5000 });

    const after = await open(`${world.page}?done=refunded`, cookie);
    expect(textOf(after.html)).toMatch(/The refund is made.*€50\.00 refunded.*Refunds.*Duplicate/);
    const entries = (await world.api("GET", "/audit_log")).body.data;
    const entry = entries.find((one: { action: string }) => one.action === "refund.created");
    const keys = (await world.api("GET", "/api/v1/api_keys")).body.data;
    const writer = keys.find((key: { name: string }) => key.name === "write").id;
    expect(entry.actor).toMatchObject({ kind: "dashboard", id: writer });
  });

  test("sent twice at the same moment is one refund at Stripe, and so is what a lost answer left", async () => {
    const world = await paidWorld();
    const cookie = await signIn(world.keys.write);
    const review = await send(world.form, { amount: "40", reason: "" }, { cookie });
    const fields = { ...hiddenOf(review.html), confirm: "yes" };
    await Promise.all([send(world.form, fields, { cookie }), send(world.form, fields, { cookie })]);
    expect((await send(world.form, fields, { cookie })).status).toBe(303);
    expect(refundsAtStripe(world)).toHaveLength(1);

    const next: Record<string, string> = {
      ...hiddenOf((await send(world.form, { amount: "9" }, { cookie })).html),
      confirm: "yes",
    };
    sandbox.world.faults.push({
      method: "POST",
      path: "/v1/refunds",
      times: 1,
      kind: "cut_after",
    });
    const cut = await send(world.form, next, { cookie });
    expect(cut.status).toBe(502);
    expect(hiddenOf(cut.html).token).toBe(next.token);
    expect((await send(world.form, { ...hiddenOf(cut.html), confirm: "yes" }, { cookie })).status).toBe(303);
    expect(refundsAtStripe(world).map(({ amount }) => amount)).toEqual([4000, 900]);
  });

  test("without an amount is all that is left", async () => {
    const world = await paidWorld();
    await world.api("POST", `/payments/${world.paymentId}/refunds`, { amount: 2900 });
    const cookie = await signIn(world.keys.admin);
    const review = await send(world.form, { amount: "", reason: "" }, { cookie });
    expect(hiddenOf(review.html).amount).toBe("100.00");
    await send(world.form, { ...hiddenOf(review.html), confirm: "yes" }, { cookie });
    expect(refundsAtStripe(world).map(({ amount }) => amount)).toEqual([2900, 10_000]);
    const rest = await open(world.form, cookie);
    expect(textOf(rest.html)).toContain("Nothing is left to refund.");
    expect(rest.html).not.toContain(`action="${world.form}"`);
  });

  test("says a wrong amount by its field, keeps what was typed, and asks Stripe for nothing", async () => {
    const world = await paidWorld();
    const cookie = await signIn(world.keys.write);
    for (const [amount, words] of [
      ["129.01", "At most 129.00 EUR can be refunded"],
      ["12,50", "is not a decimal number"],
      ["1.005", "EUR has 2 decimals"],
      ["0", "more than zero"],
      ["-5", "more than zero"],
      [HOSTILE, "is not a decimal number"],
    ] as const) {
      const page = await send(world.form, { amount, reason: "" }, { cookie });
      expect([amount, page.status]).toEqual([amount, 422]);
      expect(page.html).toMatch(/name="amount"[^>]*aria-invalid="true"/);
      expect(textOf(page.html)).toContain(words);
      expect(page.html).not.toContain("<script>alert");
    }
    const kept = await send(world.form, { amount: "200", reason: "fraudulent" }, { cookie });
    expect(kept.html).toContain('value="200"');
    expect(kept.html).toMatch(/<option value="fraudulent" selected/);
    expect((await send(world.form, { amount: "1", reason: "because" }, { cookie })).status).toBe(422);
    expect(refundsAtStripe(world)).toHaveLength(0);
  });
});

describe("an action", () => {
  test("is not offered to a key of role read, and refused with words when it is sent all the same", async () => {
    const world = await paidWorld();
    const cookie = await signIn(world.keys.read);
    const page = await open(world.page, cookie);
    expect(page.html).not.toContain("/refund");
    expect(page.html.match(/<form/g)).toHaveLength(1);
    for (const path of [world.form, `${world.page}/void`, `${world.page}/send`]) {
      const refused = await send(path, { confirm: "yes", token: crypto.randomUUID() }, { cookie });
      expect([path, refused.status]).toEqual([path, 403]);
      expect(textOf(refused.html)).toContain("needs a key of role &#39;write&#39;");
    }
    const writer = await signIn(world.keys.write);
    const connection = `/dashboard/connections/${world.connectionId}`;
    expect((await open("/dashboard/connections", writer)).html).not.toContain("Reconcile now");
    for (const path of [`${connection}/test`, `${connection}/reconcile`]) {
      expect([path, (await send(path, {}, { cookie: writer })).status]).toEqual([path, 403]);
    }
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
    const links = await env.DB.prepare("SELECT revision FROM payment_links WHERE environment_id = ?")
      .bind(world.scope.environmentId)
      .all();
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
    const off = (html: string) => textOf(html).includes("Stripe confirmed that it is off");
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
    await env.DB.prepare(
      "UPDATE webhook_events SET status = 'dead', processed_at_ms = NULL WHERE stripe_event_id = ?",
    )
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
    const tested = textOf((await send(`${connection}/test`, {}, { cookie })).html);
    expect(tested).toContain("Stripe takes the key.");
    const reconciled = await send(`${connection}/reconcile`, {}, { cookie });
    expect(reconciled.headers.get("location")).toBe("/dashboard/connections?done=reconciling");
    await eventually(
      async () => textOf((await open("/dashboard/connections", cookie)).html),
      (text) => text.includes("Events missed") && !text.includes("none has finished yet"),
    );
  });
});

test("events that no webhook brought are a warning on the overview and at the connection", async () => {
  const world = await createWorld();
  const cookie = await signIn(world.keys.read);
  const words = "3 events of Stripe&#39;s came by no webhook.";
  await insertReconciliation(world.scope, { connectionId: world.connectionId, eventsMissed: 0 });
  for (const path of ["/dashboard", "/dashboard/connections"])
    expect(textOf((await open(path, cookie)).html)).not.toContain("came by no webhook");
  await insertReconciliation(world.scope, { connectionId: world.connectionId, eventsMissed: 3 });
  for (const path of ["/dashboard", "/dashboard/connections"])
    expect(textOf((await open(path, cookie)).html)).toContain(words);
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
