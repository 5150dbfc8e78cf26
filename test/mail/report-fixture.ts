// What mail providers report, as they send it, and mails that they can report on.

import { Webhook } from "standardwebhooks";
import type { Answer, Json } from "../harness/api.ts";
import { callWith } from "../harness/call-with.ts";
import { tryWork } from "../harness/outbox.ts";
import type { TestWorld } from "../harness/world.ts";
import {
  type Asked,
  answerAs,
  askForMail,
  createLinkedInvoice,
  depsWith,
  POSTMARK,
  RESEND,
} from "./mail-fixture.ts";

export const RESEND_WEBHOOK_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
export const POSTMARK_WEBHOOK_TOKEN = "b9f2c1d0e4a7865340cdfe1290ab34787e44beea84c45be01da346472b641bbb";
export const SECRETS = { RESEND_WEBHOOK_SECRET, POSTMARK_WEBHOOK_TOKEN };

export type SentMail = { mailId: string; invoice: Json; messageId: string; reference: Json };

/** A mail that the provider has taken, for an invoice of its own or this one. */
export async function sendOne(
  world: TestWorld,
  provider: "resend" | "postmark" = "resend",
  { call = "k1", of }: { call?: string; of?: Json } = {},
): Promise<SentMail> {
  const invoice = of ?? (await createLinkedInvoice(world));
  const messageId = crypto.randomUUID();
  const asked = takes(provider, messageId);
  const deps = depsWith(provider === "resend" ? RESEND : POSTMARK);
  const { mailId, id } = await askForMail(deps, world, invoice.id, call);
  await tryWork(world.scope, id, deps);
  const { body } = asked[0] ?? { body: {} };
  const reference =
    provider === "resend"
      ? Object.fromEntries(body.tags.map(({ name, value }: { name: string; value: string }) => [name, value]))
      : body.Metadata;
  return { mailId, invoice, messageId, reference };
}

function takes(provider: "resend" | "postmark", id: string): Asked[] {
  return provider === "resend"
    ? answerAs("api.resend.com", () => Response.json({ id }))
    : answerAs("api.postmarkapp.com", () => Response.json({ ErrorCode: 0, MessageID: id }));
}

/** https://resend.com/docs/webhooks/emails/bounced */
export function resendReport(type: string, mail: SentMail, more: object = {}): string {
  const bounce = { type: "Permanent", subType: "General", message: "550 5.1.1 No such user" };
  return JSON.stringify({
    type,
    created_at: "2026-11-26T10:00:00.000Z",
    data: {
      email_id: mail.messageId,
      from: "Acme <billing@acme.example>",
      to: ["ada@example.com"],
      subject: "Invoice",
      tags: mail.reference,
      ...(type === "email.bounced" ? { bounce } : {}),
      ...more,
    },
  });
}

/** https://postmarkapp.com/developer/webhooks/bounce-webhook */
export function postmarkReport(mail: SentMail, more: object = {}): string {
  return JSON.stringify({
    RecordType: "Bounce",
    ID: 42,
    Type: "HardBounce",
    TypeCode: 1,
    Name: "Hard bounce",
    MessageID: mail.messageId,
    Metadata: mail.reference,
    Description: "The server was unable to deliver your message.",
    Details: "smtp;550 5.1.1 unknown user",
    Email: "ada@example.com",
    BouncedAt: "2026-11-26T10:00:00Z",
    Inactive: true,
    ...more,
  });
}

export function signed(
  body: string,
  secret = RESEND_WEBHOOK_SECRET,
  atMs = Date.now(),
): Record<string, string> {
  return {
    "svix-id": "msg_1",
    "svix-timestamp": String(Math.floor(atMs / 1000)),
    "svix-signature": `v1,bm9uc2Vuc2U= ${new Webhook(secret).sign("msg_1", new Date(atMs), body)}`,
  };
}

export function withPassword(token = POSTMARK_WEBHOOK_TOKEN): Record<string, string> {
  return { authorization: `Basic ${btoa(`quittance:${token}`)}` };
}

/** One report, as it arrives. */
export function report(
  provider: string,
  rawBody: string,
  headers: Record<string, string>,
  settings: Partial<Env> = SECRETS as Partial<Env>,
): Promise<Answer<Json>> {
  const at = `/api/v1/webhooks/mail/${provider}`;
  return callWith(settings, "POST", at, { raw: rawBody, headers });
}
