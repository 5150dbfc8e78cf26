// The first-run guide: from an empty environment to a paid invoice that the platform was told of, a step a screen. What
// is done is read from what is there, so that it can be left and taken up again, by anybody.

import { findLiveConnection } from "../../connections/store.ts";
import { validationFailed } from "../../http/router.ts";
import { createDestination } from "../../notifications/create-destination.ts";
import { createDestinationBody } from "../../notifications/schema.ts";
import { testDestination } from "../../notifications/test-destination.ts";
import type { AppError } from "../../platform/app-error.ts";
import { connectOffer } from "../../platform/connect-config.ts";
import { attempt, attemptOnce, callIdOf, formToken, readForm } from "../act.ts";
import { askLedger, surroundingsOf } from "../ask-ledger.ts";
import type { DashboardContext } from "../dashboard-env.ts";
import { GuidePage, guideHref } from "../guide/guide-page.tsx";
import {
  GUIDE_READS,
  GUIDE_STEPS,
  type GuideFacts,
  type GuideStepName,
  guideDone,
  presentStep,
} from "../guide/guide-state.ts";
import { GUIDE_CUSTOMER, makeGuidePayment } from "../guide/make-payment.ts";
import { PaymentStep } from "../guide/step-payment.tsx";
import { ConnectStep, WebhookStep } from "../guide/steps-connect.tsx";
import { DestinationMade, LiveStep, PlatformStep } from "../guide/steps-platform.tsx";
import { renderPage } from "../layout/render.tsx";
import { PageNote } from "../parts/page-note.tsx";
import { mayAct } from "../session/may-act.ts";

const NOTES: Record<GuideStepName, string> = {
  connect: "So that payment links can be made for your invoices, and the money goes to your account.",
  webhook: "Stripe tells by a webhook what was paid. Without it invoices stay open.",
  payment: "One payment, from the link to the recorded money, while you watch.",
  platform: "What happens here is sent to your platform, signed.",
  live: "What is ticked is so; nothing here has to be ticked by hand.",
};

export async function showGuide(c: DashboardContext) {
  const { facts } = await readFacts(c);
  return c.redirect(guideHref(presentStep(guideDone(facts))), 303);
}

export function showGuideStep(step: GuideStepName) {
  return async (c: DashboardContext) => renderStep(c, step, null);
}

export async function makeTestPayment(c: DashboardContext) {
  const form = await readForm(c);
  const [deps, { scope, livemode }] = [c.get("deps"), c.get("session").principal];
  const token = formToken(form);
  const callId = token === null ? null : await callIdOf(c, token, ["payment"]);
  const connection = await findLiveConnection(deps, scope);
  const accountCurrency = connection?.row.account.defaultCurrency ?? null;
  const done = await attempt(() =>
    makeGuidePayment({ ...deps, callId }, scope, { livemode, accountCurrency }),
  );
  return done.ok ? c.redirect(guideHref("payment"), 303) : renderStep(c, "payment", done.problem);
}

export async function tellPlatform(c: DashboardContext) {
  const form = await readForm(c);
  const { scope } = c.get("session").principal;
  const url = (form.get("url") ?? "").trim();
  const token = formToken(form);
  const callId = token === null ? null : await callIdOf(c, token, [url]);
  const done = await attempt(async () => {
    const parsed = createDestinationBody.safeParse({ url });
    if (!parsed.success) throw validationFailed(parsed.error.issues);
    const asked = { url: parsed.data.url, eventTypes: null, description: null };
    return createDestination({ ...c.get("deps"), callId }, scope, asked);
  });
  if (!done.ok) return renderStep(c, "platform", done.problem, url);
  const { facts } = await readFacts(c);
  return renderPage(
    c,
    { title: "Tell your platform", place: "Home" },
    <GuidePage step="platform" done={guideDone(facts)} said={null} note={NOTES.platform}>
      <DestinationMade made={done.value} />
    </GuidePage>,
  );
}

export async function sendGuideExample(c: DashboardContext) {
  const form = await readForm(c);
  const [deps, { scope }] = [c.get("deps"), c.get("session").principal];
  const id = form.get("destination_id") ?? "";
  const done = await attemptOnce(c, form, [id], () => testDestination(deps, scope, id, "invoice.paid"));
  if (done !== null && !done.ok) return renderStep(c, "platform", done.problem);
  const said = done === null ? "" : done.value.ok ? "?done=example_taken" : "?done=example_refused";
  return c.redirect(`${guideHref("platform")}${said}`, 303);
}

async function readFacts(c: DashboardContext) {
  const { invoices, ...read } = await askLedger(c, {
    ...GUIDE_READS,
    invoices: ["listInvoices", { filter: { customerId: GUIDE_CUSTOMER }, page: { limit: 1, after: null } }],
  });
  const { connection, arrivals } = await surroundingsOf(c);
  const facts = { ...read, connection, arrivals };
  return { facts, invoice: invoices.rows[0] ?? null, paid: read.paid.rows[0] ?? null };
}

/**
 * @param problem why what was asked for was refused
 * @param url as it was typed
 */
async function renderStep(c: DashboardContext, step: GuideStepName, problem: AppError | null, url = "") {
  const read = await readFacts(c);
  const title = GUIDE_STEPS.find(({ name }) => name === step)?.title ?? "";
  return renderPage(
    c,
    { title, place: "Home", status: problem?.status },
    <GuidePage
      step={step}
      done={guideDone(read.facts)}
      said={<PageNote c={c} problem={step === "platform" ? null : problem} done={doneOf(c)} />}
      note={NOTES[step]}
    >
      {contentOf(c, step, read, { problem, url })}
    </GuidePage>,
  );
}

/** Stripe Connect leads back with the connection's id. */
function doneOf(c: DashboardContext): string | undefined {
  return c.req.query("connection") === undefined ? c.req.query("done") : "connected";
}

function contentOf(
  c: DashboardContext,
  step: GuideStepName,
  { facts, invoice, paid }: Awaited<ReturnType<typeof readFacts>>,
  tried: { problem: AppError | null; url: string },
) {
  const [deps, session] = [c.get("deps"), c.get("session")];
  const { livemode } = session.principal;
  const common = {
    connection: facts.connection,
    livemode,
    mayConnect: mayAct(session, "admin", "connections"),
  };
  switch (step) {
    case "connect":
      return <ConnectStep {...common} offer={connectOffer(deps.config, livemode)} />;
    case "webhook":
      return <WebhookStep {...common} />;
    case "payment":
      return (
        <PaymentStep
          {...common}
          arrivals={facts.arrivals}
          invoice={invoice}
          paid={paid}
          publicUrl={deps.publicUrl}
          mayWrite={mayAct(session, "write")}
          now={deps.now()}
        />
      );
    case "platform":
      return (
        <PlatformStep facts={facts} mayKeep={mayAct(session, "admin", "event_destinations")} {...tried} />
      );
    case "live":
      return <LiveStep facts={facts satisfies GuideFacts} livemode={livemode} />;
  }
}
