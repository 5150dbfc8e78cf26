// A mail provider in the test's hands, and mails whose jobs the test runs itself.

import { ledger } from "../../src/ledger/client.ts";
import type { MailRow } from "../../src/ledger/mails/mail-row.ts";
import type { InvoiceMailData } from "../../src/mail/mail-content.ts";
import { mailLocale } from "../../src/mail/mail-locale.ts";
import type { Deps } from "../../src/platform/deps.ts";
import type { EmailConfig } from "../../src/platform/email-config.ts";
import type { Json } from "../harness/api.ts";
import { guardedLedgers } from "../harness/guarded-ledgers.ts";
import { receivers } from "../harness/sandbox.ts";
import { createOpenInvoice, eventually, type TestWorld, testDeps } from "../harness/world.ts";

export const RESEND: EmailConfig = {
  provider: "resend",
  apiKey: "re_test_key_1234",
  from: { email: "billing@acme.example", name: "Acme" },
  replyTo: null,
};
export const POSTMARK: EmailConfig = { ...RESEND, provider: "postmark", serverToken: "pm-test-token-1234" };
export const DEVELOPMENT: EmailConfig = { ...RESEND, provider: "development" };

/** Deps that send mails so, and whose work is enqueued nowhere: the test does it. */
export function depsWith(
  email: EmailConfig | null,
  parts: Partial<Deps> = {},
  bindings: Partial<Env> = {},
): Deps {
  const deps = testDeps(parts, bindings);
  return {
    ...deps,
    config: { ...deps.config, email },
    queues: { ...deps.queues, enqueueJobs: async () => {} },
  };
}

/** A consumer that dies once the provider has answered: nothing of what it would say arrives. */
export function dyingAfterAnswer(email: EmailConfig): Deps {
  let hasBegun = false;
  const LEDGER = guardedLedgers(async (run, call) => {
    if (hasBegun) throw new Error("died");
    if (call?.verb === "beginMail") hasBegun = true;
    return run();
  });
  return depsWith(email, {}, { LEDGER });
}

/** After this a try that has not ended counts as dead. */
export const minutesLater: Partial<Deps> = { now: () => Date.now() + 3 * 60_000 };

export type Asked = { url: string; headers: Record<string, string>; body: Json };

/** Answers for a host, and keeps what it was asked. */
export function answerAs(host: string, answer: (asked: Asked) => Response | Promise<Response>): Asked[] {
  const asked: Asked[] = [];
  receivers.set(host, async (request) => {
    const one = {
      url: request.url,
      headers: Object.fromEntries(request.headers),
      body: await request.json(),
    };
    asked.push(one);
    return answer(one);
  });
  return asked;
}

/** Resend taking everything. */
export function resendTakes(): Asked[] {
  return answerAs("api.resend.com", () => Response.json({ id: "49a3999c-0ce1-4ea6-ab68-afcd6dc2e794" }));
}

/** An open invoice whose link is active. */
export async function createLinkedInvoice(
  world: TestWorld,
  fields: Record<string, unknown> = {},
): Promise<Json> {
  const invoice = await createOpenInvoice(world, fields);
  const read = async () => (await world.api("GET", `/invoices/${invoice.id}`)).body;
  return eventually(read, (seen) => seen.payment_link.status === "active");
}

/** Asks for a mail, with deps whose work is enqueued nowhere. Returns its id, and that of its work. */
export async function askForMail(deps: Deps, world: TestWorld, invoiceId: string, call: string) {
  const { id: mailId } = await ledger(deps, world.scope).requestMail({ invoiceId, call });
  return { mailId, id: `send_mail/${mailId}` };
}

export async function readMail(world: TestWorld, mailId: string): Promise<MailRow> {
  const mail = await ledger(testDeps(), world.scope).readMail({ id: mailId });
  if (!mail) throw new Error(`There is no mail '${mailId}'.`);
  return mail;
}

export async function timelineOf(world: TestWorld, invoiceId: string): Promise<Json[]> {
  return (await world.api("GET", `/invoices/${invoiceId}/timeline?limit=100`)).body.data;
}

export function mailData(parts: Partial<InvoiceMailData> = {}): InvoiceMailData {
  return {
    number: "INV-7",
    currency: "EUR",
    lines: [{ description: "Pro plan", quantity: 1, unitAmountMinor: 12900 }],
    amountDueMinor: 12900,
    amountPaidMinor: 0,
    amountDiscountedMinor: 0,
    dueAtMs: null,
    dueInDays: null,
    paidAtMs: null,
    memo: null,
    customerName: "Ada Lovelace",
    sellerName: "Acme",
    locale: mailLocale("en", "UTC", null),
    livemode: true,
    answersAreRead: false,
    ...parts,
  };
}
