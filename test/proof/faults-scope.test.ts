import { expect, test } from "vitest";
import type { End } from "./faults-proof.ts";
import {
  createStage,
  linkStory,
  longStory,
  paidStory,
  reconciledStory,
  refundStory,
  voidStory,
} from "./faults-stories.ts";

const RECEIPT = /^Receipt for invoice INV-\w+ from Acme$/;
const ONE_PAID = ["payments_paid 1 12900"];

// What the other proofs compare runs by: an end without these would prove nothing.
const ENDS = [
  {
    what: "an invoice is finalised, linked and mailed",
    make: linkStory,
    messages: ["customer.created", "customer.created", "invoice.finalized", "invoice.payment_link_created"],
    mails: ["Invoice 2026-1 from Acme: €129.00"],
    sums: [],
  },
  {
    what: "an invoice is voided",
    make: voidStory,
    messages: ["invoice.payment_failed", "invoice.voided"],
    mails: [],
    sums: [],
  },
  {
    what: "a payment and a refund are told by Stripe",
    make: paidStory,
    messages: ["invoice.paid", "payment.refunded"],
    mails: [RECEIPT],
    sums: [...ONE_PAID, "refunds 1 2900"],
  },
  {
    what: "a payment is found by reconciliation",
    make: reconciledStory,
    messages: ["invoice.paid"],
    mails: [RECEIPT],
    sums: ONE_PAID,
  },
  {
    what: "a refund is asked for",
    make: refundStory,
    messages: ["payment.refunded"],
    mails: [RECEIPT],
    sums: [...ONE_PAID, "refunds 1 2900"],
  },
  {
    what: "much happens at once",
    make: longStory,
    messages: [
      "invoice.finalized",
      "invoice.paid",
      "invoice.payment_failed",
      "invoice.payment_link_created",
      "invoice.voided",
      "payment.refunded",
      "payment.refunded",
    ],
    mails: ["Invoice 2026-2 from Acme: €49.00", RECEIPT, RECEIPT],
    sums: ["payments_failed 1 12900", "payments_paid 2 25800", "refunds 2 5800"],
  },
];

for (const { what, make, messages, mails, sums } of ENDS) {
  test(`${what}: each message, each mail and each sum is in the end, once`, async () => {
    const story = await make(await createStage());
    const { end } = await story.play();
    const rows = (name: string) => end[name] as End[];
    const effects = end.effects as string[];
    expect(effects.map((effect) => effect.split(" ")[0])).toEqual(messages);
    expect(new Set(story.receiver.received.map(({ id }) => id)).size).toBe(messages.length);
    expect(rows("inboxes").map(({ subject }) => subject)).toEqual(
      mails.map((subject) => (typeof subject === "string" ? subject : expect.stringMatching(subject))),
    );
    expect(rows("mails").map(({ status }) => status)).toEqual(mails.map(() => "sent"));
    expect(
      rows("hourly_sums")
        .map(({ metric, count, sum }) => `${metric} ${count} ${sum}`)
        .sort(),
    ).toEqual(sums);
    // Nothing is left to do.
    expect(rows("outbox")).toEqual([]);
  });
}
