// The mail provider's side of a simulation: Resend, which tells a repeat by its idempotency key, and Postmark,
// which has no such thing. What they have taken is in its inbox, for good.

import { callOut, type Scene, setNow } from "./faults-scene.ts";

export type MailProvider = "resend" | "postmark";

const TIMEOUT_MS = 15_000;
// https://resend.com/docs/dashboard/emails/idempotency-keys
const KEY_KEPT_MS = 24 * 3_600_000;
const RETRY_AFTER_SECONDS = 40;

/** The Worker's settings by which its mails go there. */
export function mailSettings(provider: MailProvider): Record<string, string> {
  return {
    EMAIL_PROVIDER: provider,
    EMAIL_FROM: "Acme <billing@acme.test>",
    RESEND_API_KEY: "re_proof_1234",
    POSTMARK_SERVER_TOKEN: "pm-proof-1234",
  };
}

type ResendBody = { to: [string]; subject: string; text: string };

export async function askResend(scene: Scene, asked: Request): Promise<Response> {
  const key = asked.headers.get("idempotency-key");
  const body = await asked.text();
  return askProvider(scene, () => {
    const { mails, nowMs } = scene.moment;
    const before = mails.find((mail) => mail.key === key && nowMs - mail.atMs < KEY_KEPT_MS);
    if (key !== null && before) {
      const name = "invalid_idempotent_request";
      return before.body === body ? Response.json({ id: key }) : Response.json({ name }, { status: 409 });
    }
    const { to, subject, text }: ResendBody = JSON.parse(body);
    mails.push({ atMs: nowMs, key, to: to[0], subject, text, body });
    return Response.json({ id: key });
  });
}

type PostmarkBody = { To: string; Subject: string; TextBody: string };

export async function askPostmark(scene: Scene, asked: Request): Promise<Response> {
  const body = await asked.text();
  return askProvider(scene, () => {
    const { To: to, Subject: subject, TextBody: text }: PostmarkBody = JSON.parse(body);
    const { mails, nowMs } = scene.moment;
    mails.push({ atMs: nowMs, key: null, to, subject, text, body });
    return Response.json({ ErrorCode: 0, MessageID: `${mails.length}` });
  });
}

/** @param take puts the mail into its inbox */
function askProvider(scene: Scene, take: () => Response): Promise<Response> {
  return callOut(scene, "mail", async (trouble) => {
    switch (trouble) {
      case "rate_limit":
        return new Response("{}", { status: 429, headers: { "retry-after": `${RETRY_AFTER_SECONDS}` } });
      case "server_error":
        return new Response("", { status: 500 });
      case "cut_before":
        throw new Error("Network connection lost.");
      case "cut_after":
        take();
        throw new Error("Network connection lost.");
      case "timeout":
        take();
        setNow(scene, scene.moment.nowMs + TIMEOUT_MS);
        throw new DOMException("The operation timed out.", "TimeoutError");
      default:
        return take();
    }
  });
}
