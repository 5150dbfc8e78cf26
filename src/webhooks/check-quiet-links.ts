// Asks Stripe for the truth about links of which nothing was heard for a while: what their sessions and
// intents say goes in as events of our own making, through the same queue and the same interpreters.

import type Stripe from "stripe";
import { type DueLink, findDueLinks, scheduleChecks } from "../invoices/quiet-link-store.ts";
import { findSettledSessions } from "../payments/store.ts";
import { AppError } from "../platform/app-error.ts";
import { commit } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import type { SignedEvent } from "./signed-event.ts";
import { ON_THEIR_WAY_MS, takeInUnknown } from "./take-in-events.ts";
import { type CallStripe, type IntentWithCharge, retrieveIntent, tellSession } from "./tell-session.ts";

// Each is two calls to Stripe or more.
const ASKED_A_STEP = 3;
// Of most that are due something was heard meanwhile: those cost a few rows each, and no call.
const LOOKED_AT_A_STEP = 30;
// Between two calls to Stripe, ms.
const PACE_MS = 250;

type Asking = {
  deps: Deps;
  scope: Scope;
  stripe: Stripe;
  call: CallStripe;
  pause: (ms: number) => Promise<void>;
};

/**
 * Checks a few links of those whose time has come.
 * @returns how many Stripe was asked about, and of how many it told what no event had told and none can be on
 * its way to tell; whether there are more to look at
 * @throws AppError Stripe's or D1's passing failures: all of them are then asked about again
 */
export async function checkQuietLinks(
  asking: Asking,
  connection: { id: string; accountId: string },
): Promise<{ asked: number; missed: number; more: boolean }> {
  const { deps, scope } = asking;
  const due = await findDueLinks(deps, scope, LOOKED_AT_A_STEP);
  if (due.length === 0) return { asked: 0, missed: 0, more: false };
  // One of another account, from before the environment was connected to this one, cannot be seen from here.
  const isSeen = ({ accountId }: DueLink) => accountId === null || accountId === connection.accountId;
  const quiet = due.filter((link) => link.isQuiet && isSeen(link));
  const passed = due.filter((link) => !quiet.includes(link));
  const links = quiet.slice(0, ASKED_A_STEP);
  const sessions: { link: string; session: Stripe.Checkout.Session }[] = [];
  for (const { stripePaymentLinkId: link } of links) {
    const completed = await listCompleted(asking, link);
    sessions.push(...completed.map((session) => ({ link, session })));
  }
  const settled = await findSettledSessions(
    deps,
    scope,
    sessions.map(({ session }) => ({ sessionId: session.id, paymentIntentId: idOf(session.payment_intent) })),
  );
  const expected = new Set<string>();
  const told: { link: string; event: SignedEvent; isDated: boolean }[] = [];
  for (const { link, session } of sessions) {
    if (settled.has(session.id)) continue;
    const said = tellSession(session, await askIntent(asking, session), deps.now());
    if (said.atMs !== null && said.atMs > deps.now() - ON_THEIR_WAY_MS) {
      // Its webhook is on its way just now.
      expected.add(link);
      continue;
    }
    told.push(...said.events.map((event) => ({ link, event, isDated: said.atMs !== null })));
  }
  const events = told.map(({ event }) => event);
  const news = new Set((await takeInUnknown(deps, scope, connection.id, events)).news);
  const database = deps.database(scope);
  const asked = links.filter(({ stripePaymentLinkId: link }) => !expected.has(link));
  const again = links.filter(({ stripePaymentLinkId: link }) => expected.has(link));
  await commit(database, scheduleChecks(database, scope, { asked, passed, again }, deps.now()));
  const missed = new Set(
    told.filter(({ event, isDated }) => isDated && news.has(event)).map(({ link }) => link),
  );
  const more = due.length === LOOKED_AT_A_STEP || quiet.length > links.length;
  return { asked: links.length, missed: missed.size, more };
}

/** A link takes one payment, whatever else was opened and left. */
async function listCompleted(
  { stripe, call, pause }: Asking,
  stripePaymentLinkId: string,
): Promise<Stripe.Checkout.Session[]> {
  await pause(PACE_MS);
  const list = () =>
    stripe.checkout.sessions.list({ payment_link: stripePaymentLinkId, status: "complete", limit: 20 });
  try {
    return (await call(list)).data;
  } catch (error) {
    // Test data can be deleted at Stripe, links with it: one that is gone must not hold up all others.
    if (isGone(error)) return [];
    throw error;
  }
}

function isGone(error: unknown): boolean {
  const cause = error instanceof AppError ? error.cause : null;
  return typeof cause === "object" && cause !== null && "code" in cause && cause.code === "resource_missing";
}

async function askIntent(
  { stripe, call, pause }: Asking,
  session: Stripe.Checkout.Session,
): Promise<IntentWithCharge | null> {
  const id = idOf(session.payment_intent);
  if (id === null) return null;
  await pause(PACE_MS);
  return retrieveIntent(stripe, call, id);
}

function idOf(reference: string | { id: string } | null): string | null {
  return typeof reference === "string" ? reference : (reference?.id ?? null);
}
