// A receipt says what of an invoice's payments was there when it became paid: what settling found, and not what came
// or went later.

import { beforeAll, expect, test } from "vitest";
import { readMailSubject } from "../../src/ledger/mails/mail-subject.ts";
import { type MoneyWorld, moneyWorld } from "../guarantees/money-events.ts";
import { inLedger } from "../harness/in-ledger.ts";
import { sandbox } from "../harness/sandbox.ts";
import { newIntent } from "../webhooks/payloads/payment.ts";

// Stripe says only what a test says.
beforeAll(() => {
  sandbox.world.deliveryPolicy.withhold = true;
});

/** Minor units, as the receipt shows them. */
async function receiptOf({ world, invoice }: MoneyWorld): Promise<number | string> {
  const about = { invoiceId: invoice.id, paymentId: null, kind: "receipt" } as const;
  const mail = { id: `${invoice.id}/receipt`, ...about };
  const { value: subject } = await inLedger(world.scope, (book) => readMailSubject(book, mail));
  return "invoice" in subject ? subject.invoice.amountPaidMinor : JSON.stringify(subject);
}

test("a dispute that was lost before it was paid is not in it, as a refund is not", async () => {
  const money = await moneyWorld();
  await money.deliver(money.paid("a", 5000, 0), money.disputed("a", 5000, 60));
  await money.deliver(money.paid("b", 4900, 100), money.refunded("b", 900, 160));
  await money.deliver(money.paid("c", 8900, 200));
  expect(await money.read()).toMatchObject({ status: "paid", amount_paid: 18_800 });
  expect(await receiptOf(money)).toBe(12_900);
});

test("nor is what goes back or comes after it", async () => {
  const money = await moneyWorld();
  await money.deliver(money.paid("d", 12_900, 0), money.refunded("d", 2900, 60));
  await money.deliver(money.disputed("d", 5000, 90), money.paid("e", 700, 120));
  expect(await receiptOf(money)).toBe(12_900);
});

test("nor is money of another currency, whatever of it went back", async () => {
  const money = await moneyWorld();
  const dollars = newIntent({
    ...{ id: "pi_usd", latest_charge: "ch_usd", amount: 5000, amount_received: 5000, currency: "usd" },
    metadata: money.metadata,
  });
  await money.deliver(
    money.make("payment_intent.succeeded", 0, dollars),
    money.refunded("usd", 5000, 60, { currency: "usd" }),
    money.paid("f", 12_900, 100),
  );
  expect(await receiptOf(money)).toBe(12_900);
});

test("one that was paid before this was noted shows what was paid", async () => {
  const money = await moneyWorld();
  await money.deliver(money.paid("g", 12_900, 0));
  await inLedger(money.world.scope, (book) =>
    book.sql.run("UPDATE invoices SET kept_when_paid_minor = NULL"),
  );
  expect(await receiptOf(money)).toBe(12_900);
});
