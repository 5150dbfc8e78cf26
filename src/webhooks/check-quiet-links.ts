// Asks Stripe for the truth about links of which nothing was heard for a while: what their sessions and
// intents say goes in as events of our own making, through the same queue and the same interpreters.
// One about which Stripe gives no answer does not hold up the others.

import type Stripe from "stripe";
import { ledger } from "../ledger/client.ts";
import type { QuietLink } from "../ledger/invoices/quiet-links.ts";
import { AppError } from "../platform/app-error.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { errorText } from "../platform/logger.ts";
import { idOfReference } from "../platform/stripe.ts";
import type { SignedEvent } from "./signed-event.ts";
import { ON_THEIR_WAY_MS, takeInUnknown } from "./take-in-events.ts";
import { type CallStripe, type IntentWithCharge, retrieveIntent, tellSession } from "./tell-session.ts";

// Each is two calls to Stripe or more.
const ASKED_A_STEP = 3;
// Between two calls to Stripe, ms.
const PACE_MS = 250;

type Asking = {
  deps: Deps;
  scope: Scope;
  stripe: Stripe;
  call: CallStripe;
  pause: (ms: number) => Promise<void>;
};

/** What Stripe says of one link: its completed sessions, each with its intent. */
type Said = { link: QuietLink; sessions: Stripe.Checkout.Session[] };

/**
 * Checks a few links of those whose time has come.
 * @returns how many Stripe was asked about, and of how many it told what no event had told and none can be on
 * its way to tell; of how many it told nothing, and why; whether there are more to look at
 * @throws AppError Stripe's or the ledger's passing failures: the others are then asked about again
 */
export async function checkQuietLinks(
  asking: Asking,
  connection: { id: string; accountId: string },
): Promise<{ asked: number; missed: number; failed: number; error: string | null; more: boolean }> {
  const { deps, scope } = asking;
  const { accountId } = connection;
  const { links, more } = await ledger(deps, scope).takeQuietLinks({ accountId, limit: ASKED_A_STEP });
  if (links.length === 0) return { asked: 0, missed: 0, failed: 0, error: null, more };
  const failures: Failure[] = [];
  const said: Said[] = [];
  for (const link of links) {
    const sessions = await unlessRefused(asking, failures, link, () => listCompleted(asking, link));
    if (sessions) said.push({ link, sessions });
  }
  const { told, expected } = await tellNews(asking, said, failures);
  const events = told.map(({ event }) => event);
  const news = new Set((await takeInUnknown(deps, scope, connection.id, events)).news);
  const failed = failures.map(({ link }) => link);
  const asked = links.filter((link) => !failed.includes(link));
  await ledger(deps, scope).noteChecks({
    asked: asked.filter((link) => !expected.has(link)),
    again: asked.filter((link) => expected.has(link)),
    failed,
  });
  const missed = new Set(
    told.filter(({ event, isDated }) => isDated && news.has(event)).map(({ link }) => link),
  );
  return {
    asked: asked.length,
    missed: missed.size,
    failed: failed.length,
    error: failures.at(-1)?.error ?? null,
    more,
  };
}

type Told = { link: QuietLink; event: SignedEvent; isDated: boolean };

/** @returns what is to be taken in, and the links of which a webhook is on its way just now */
async function tellNews(
  asking: Asking,
  said: readonly Said[],
  failures: Failure[],
): Promise<{ told: Told[]; expected: Set<QuietLink> }> {
  const { deps, scope } = asking;
  const all = said.flatMap(({ link, sessions }) => sessions.map((session) => ({ link, session })));
  const keys = all.map(({ session }) => ({
    sessionId: session.id,
    paymentIntentId: idOfReference(session.payment_intent),
  }));
  const settled = await ledger(deps, scope).findSettledSessions({ sessions: keys });
  const expected = new Set<QuietLink>();
  const told: Told[] = [];
  for (const { link, session } of all) {
    if (settled.has(session.id)) continue;
    const asked = await unlessRefused(asking, failures, link, async () => ({
      intent: await askIntent(asking, session),
    }));
    if (!asked) continue;
    const { atMs, events } = tellSession(session, asked.intent, deps.now());
    if (atMs !== null && atMs > deps.now() - ON_THEIR_WAY_MS) expected.add(link);
    else told.push(...events.map((event) => ({ link, event, isDated: atMs !== null })));
  }
  return { told, expected };
}

type Failure = { link: QuietLink; error: string };

/** What Stripe refuses to tell of one link is named, and the others have their turn. A key that it refuses stops all. */
async function unlessRefused<T>(
  { deps, scope }: Asking,
  failures: Failure[],
  link: QuietLink,
  ask: () => Promise<T>,
): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof AppError) || error.code === "stripe_authentication_failed") throw error;
    if (error.retryable) {
      // It may be this link's alone: the next try begins with another one.
      await ledger(deps, scope).noteChecks({ asked: [], again: [], failed: [link] });
      throw error;
    }
    failures.push({ link, error: `${link.stripePaymentLinkId}: ${errorText(error)}` });
    return null;
  }
}

/** A link takes one payment, whatever else was opened and left. */
async function listCompleted(
  { stripe, call, pause }: Asking,
  { stripePaymentLinkId }: QuietLink,
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
  const id = idOfReference(session.payment_intent);
  if (id === null) return null;
  await pause(PACE_MS);
  return retrieveIntent(stripe, call, id);
}
