// Where mail providers report what became of mails: verified as it came, then recorded in the ledger that the mail's own
// reference names, and only then answered with 200. What is nobody's of ours is answered so too, and nothing is kept.

import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import type { AppContext } from "../http/app-env.ts";
import { readLimited } from "../http/body-guard.ts";
import { isWithinLimit, rateLimited } from "../http/rate-limit.ts";
import { answers, createRouter } from "../http/router.ts";
import { senderOf } from "../http/sender.ts";
import { ledger } from "../ledger/client.ts";
import type { MailReported } from "../ledger/mails/record-mail-report.ts";
import { AppError, notFound } from "../platform/app-error.ts";
import { MOST_BODY_BYTES } from "../platform/bounds.ts";
import type { Deps } from "../platform/deps.ts";
import { REPORTING_PROVIDERS, type ReportingProvider } from "../platform/email-config.ts";
import { parseJson } from "../platform/parse-json.ts";
import { type ProviderReport, readMailReport } from "./read-mail-report.ts";
import { isReportOf } from "./verify-report.ts";

const PATH = "/webhooks/mail/{provider}";
const receivedSchema = z.object({
  received: z.literal(true),
  outcome: z.enum(["recorded", "known", "unknown", "ignored"]).meta({
    description:
      "`known`: it was reported before. `unknown`: no mail of ours. `ignored`: it says neither that a mail came back nor that somebody complained.",
  }),
});
type Outcome = z.infer<typeof receivedSchema>["outcome"];

export const mailDoor = createRouter();
mailDoor.openAPIRegistry.registerPath(
  createRoute({
    method: "post",
    path: PATH,
    tags: ["Mails"],
    summary: "Where Resend and Postmark report mails that came back, and complaints",
    description:
      "Resend: with the signature of its webhook (RESEND_WEBHOOK_SECRET). Postmark: with POSTMARK_WEBHOOK_TOKEN as the password of basic authentication.",
    request: { params: z.object({ provider: z.enum(REPORTING_PROVIDERS) }) },
    responses: answers(200, receivedSchema, "It was taken in, or there was nothing in it for us"),
  }),
);
mailDoor.post("/webhooks/mail/:provider", async (c) => {
  const outcome = await receiveReport(c, c.req.param("provider"));
  return c.json({ received: true, outcome }, 200);
});

async function receiveReport(c: AppContext, name: string): Promise<Outcome> {
  const provider = REPORTING_PROVIDERS.find((known) => known === name);
  if (!provider) throw notFound("mail provider", name);
  const deps: Deps = {
    ...c.get("deps"),
    actor: { ...c.get("deps").actor, kind: "mail_provider", id: provider },
  };
  const rawBody = await readLimited(c.req.raw, MOST_BODY_BYTES);
  if (!(await isReportOf(provider, c.req.raw.headers, rawBody, deps.config.mailReports[provider])))
    throw await refusal(deps);
  const report = readMailReport(provider, parseJson(rawBody));
  if (!report) return "ignored";
  const outcome = await record(deps, provider, report);
  const { what, reference } = report;
  deps.analytics?.write(outcome === "unknown" ? null : (reference?.scope ?? null), {
    ...{ kind: "mail_report", provider, what, outcome },
  });
  deps.log.info("mail reported", { provider, what, outcome, message_id: report.messageId });
  return outcome;
}

/** @throws AppError `database_unavailable` (retryable): the provider reports again */
async function record(
  deps: Deps,
  provider: ReportingProvider,
  report: ProviderReport,
): Promise<MailReported> {
  const { what, reason, messageId: providerMessageId, reference } = report;
  if (!reference) return "unknown";
  const { scope, createdAtMs, digest } = reference;
  try {
    const told = { provider, providerMessageId, createdAtMs, digest, what, reason };
    return await ledger(deps, scope).recordMailReport(told);
  } catch (error) {
    // An environment that was erased, or another installation's.
    if (error instanceof AppError && error.code === "not_found") return "unknown";
    throw error;
  }
}

/** The same for whatever reason. */
async function refusal(deps: Deps): Promise<AppError> {
  if (!(await isWithinLimit(deps, "refused", `mail/${senderOf(deps)}`))) return rateLimited("refused");
  const detail = "The report was refused: it could not be verified that it comes from the mail provider.";
  return new AppError("signature_refused", { detail });
}
