import { describe, expect, test } from "vitest";
import { sandbox } from "../harness/sandbox.ts";
import { HOSTILE, hiddenOf, invoiceOf, paidWorld, refundsAtStripe } from "./action-fixture.ts";
import { linksOf, open, send, signIn, textOf } from "./browse.ts";

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

    expect((await open("/dashboard/audit-log", cookie)).status).toBe(403);
    const log = textOf((await open("/dashboard/audit-log", await signIn(world.keys.admin))).html);
    expect(log).toMatch(/Refund created.*Amount: €50\.00/);
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
