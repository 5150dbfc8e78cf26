// Makes, repairs or rolls the connection's endpoint at Stripe. A new endpoint stands beside the old one until
// its secret is stored and the old secret has its overlap: nothing that Stripe sends meanwhile is refused.
// Whatever fails leaves what worked before, and the next call finishes what is half done.

import { sql } from "drizzle-orm";
import type Stripe from "stripe";
import { understood } from "../connections/at-stripe.ts";
import { type Changed, commitConnection } from "../connections/commit-connection.ts";
import { openStripe } from "../connections/open-stripe.ts";
import type { Removal } from "../connections/remove-endpoints.ts";
import { rotateWebhookSecret } from "../connections/rotate-secrets.ts";
import { getLiveConnection, type StoredConnection } from "../connections/store.ts";
import {
  findEndpoints,
  type MadeEndpoint,
  makeEndpoint,
  removeEndpoint,
  repairEndpoint,
} from "../connections/stripe-endpoints.ts";
import { fetchMissed, wakeWaitingWork } from "../connections/wake-waiting-work.ts";
import {
  endpointProblems,
  endpointRefused,
  setUpByHand,
  webhookUrl,
} from "../connections/webhook-endpoint-state.ts";
import { updateConnectionRow } from "../connections/write-connection.ts";
import { auditEntry } from "../directory/audit.ts";
import { validSecrets } from "../directory/secret-store.ts";
import { AppError } from "../platform/app-error.ts";
import type { AuditAct } from "../platform/audit-detail.ts";
import type { Statement } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { errorText } from "../platform/logger.ts";
import { DEFAULT_OVERLAP_SECONDS } from "../platform/secret-overlap.ts";
import { retireEndpoints } from "./retire-endpoints.ts";

type Place = { deps: Deps; scope: Scope; stored: StoredConnection; stripe: Stripe; url: string };

/**
 * One of ours that is right is rolled: a new endpoint, a new secret, the old one removed. One that is not
 * right is repaired in place, where Stripe allows it.
 * @throws AppError `not_found`, `conflict` (also where Stripe Connect brings its events), `secret_unreadable`, Stripe's refusal, or what can pass
 */
export async function setUpWebhookEndpoint(deps: Deps, scope: Scope, connectionId: string): Promise<Changed> {
  const stored = await getLiveConnection(deps, scope, connectionId);
  if (stored.row.authType === "oauth") throw nothingToSetUp();
  const stripe = await openStripe(deps, stored);
  const place = { deps, scope, stored, stripe, url: webhookUrl(deps, scope) };
  const { webhookEndpointId } = stored.row;
  const secretSet = validSecrets(stored.secrets, "webhook_secret", deps.now()).length > 0;

  const existing = await tried(place, secretSet, () => findEndpoints(stripe, place.url, webhookEndpointId));
  // Of an endpoint that is not the recorded one we do not know the secret.
  const recorded = secretSet ? existing.find((endpoint) => endpoint.id === webhookEndpointId) : undefined;
  const others = existing.filter((endpoint) => endpoint !== recorded);
  const problems = recorded ? endpointProblems(recorded, place.url) : [];
  // Stripe never changes an endpoint's API version: that one is replaced.
  const repairable = recorded && !problems.includes("api_version") ? recorded : null;
  if (repairable && (problems.length > 0 || others.length > 0)) {
    return repair(place, repairable, problems, idsOf(others));
  }
  return replace(place, secretSet, idsOf(existing));
}

function nothingToSetUp(): AppError {
  const detail =
    "This connection was made by Stripe Connect: its events come by the platform's own endpoint, so there is nothing to set up for it.";
  return new AppError("conflict", { detail });
}

async function repair(
  place: Place,
  endpoint: Stripe.WebhookEndpoint,
  problems: readonly string[],
  others: readonly string[],
): Promise<Changed> {
  const { deps, scope, stored, stripe, url } = place;
  const notices: string[] = [];
  if (problems.length > 0) {
    await tried(place, true, () => repairEndpoint(stripe, endpoint, url));
    notices.push(`The endpoint ${endpoint.id} was repaired (${problems.join(", ")}).`);
  }
  const retirement = await retireEndpoints(deps, scope, stored.row.id, stripe, others);
  const detail = { webhook_endpoint: endpoint.id, problems: problems.join(", ") || null };
  return finish(place, [noted(place, "connection.webhook_endpoint_repaired", detail)], retirement, notices);
}

async function replace(place: Place, secretSet: boolean, older: readonly string[]): Promise<Changed> {
  const { deps, scope, stored, stripe, url } = place;
  const made = await tried(place, secretSet, () => makeEndpoint(stripe, scope, url, { silent: true }));
  const { connection, oldValidUntilMs } = await store(place, made);
  const notices = [`The endpoint ${made.id} was made at Stripe, and its signing secret stored.`];
  if (oldValidUntilMs !== null) {
    notices.push(`The old signing secret stays valid until ${new Date(oldValidUntilMs).toISOString()}.`);
  }
  const deaf = await letHear(place, made.id);
  const retirement =
    deaf === null
      ? await retireEndpoints(deps, scope, stored.row.id, stripe, older)
      : { halfDone: deaf, notices: [] };
  const changed =
    retirement.halfDone === null
      ? { connection, notices: [...notices, ...retirement.notices] }
      : await finish(place, [], retirement, notices);
  if (!secretSet) {
    await wakeWaitingWork(deps, scope);
    if (stored.row.isActive) await fetchMissed(deps, scope, stored.row.id);
  }
  return changed;
}

/** Stores the new secret, the old one valid for the overlap; an endpoint that cannot be stored goes again. */
async function store(place: Place, made: MadeEndpoint) {
  const { deps, scope, stored, stripe } = place;
  const detail = { webhook_endpoint: { from: stored.row.webhookEndpointId, to: made.id } };
  try {
    const rotation = await rotateWebhookSecret(deps, scope, stored, made.secret, DEFAULT_OVERLAP_SECONDS);
    const { id, webhookEndpointId, isActive } = stored.row;
    const statements = [
      updateConnectionRow(deps, scope, id, {
        webhookEndpointId: made.id,
        webhookDetail: null,
        refusedSinceMs: null,
      }),
      ...rotation.statements,
      noted(place, "connection.webhook_endpoint_replaced", detail),
    ];
    // Whoever disconnects it switches it off first, and then looks which endpoints there are.
    const unless = sql`webhook_endpoint_id IS NOT ${webhookEndpointId} OR is_active <> ${isActive ? 1 : 0}`;
    const connection = await commitConnection(deps, scope, id, statements, { unless });
    return { connection, oldValidUntilMs: rotation.oldValidUntilMs };
  } catch (error) {
    // When the database did not answer, it may have committed: then the new endpoint is the one that counts.
    // Both stay, and the next call sees which one was recorded and removes the other.
    if (!(error instanceof AppError) || error.code !== "database_unavailable")
      await removeEndpoint(stripe, made.id);
    throw error;
  }
}

/** From here on Stripe sends to it. Should that fail, the older one goes on, and the next call repairs this one. */
async function letHear({ stripe, url }: Place, endpointId: string): Promise<string | null> {
  try {
    await repairEndpoint(stripe, { id: endpointId, enabled_events: [] }, url);
    return null;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return (
      `The new endpoint ${endpointId} is not sent its events yet: ${errorText(error)} ` +
      "Call POST /api/v1/connections/{id}/webhook_endpoint again to finish it."
    );
  }
}

async function finish(
  place: Place,
  statements: readonly Statement[],
  retirement: Removal,
  notices: readonly string[],
): Promise<Changed> {
  const { deps, scope, stored } = place;
  const webhookDetail = retirement.halfDone;
  const connection = await commitConnection(deps, scope, stored.row.id, [
    updateConnectionRow(deps, scope, stored.row.id, { webhookDetail }),
    ...statements,
  ]);
  const halfDone = webhookDetail === null ? [] : [webhookDetail];
  return { connection, notices: [...notices, ...retirement.notices, ...halfDone] };
}

function noted(
  { deps, scope, stored }: Place,
  action: AuditAct["action"],
  detail: AuditAct["detail"] = {},
): Statement {
  return auditEntry(deps, scope, {
    action,
    object: "connection",
    objectId: stored.row.id,
    detail,
  });
}

/** Words Stripe's refusal with what to do by hand; while no secret is set, the connection keeps the reason. */
async function tried<T>(place: Place, secretSet: boolean, call: () => Promise<T>): Promise<T> {
  const { deps, scope, stored, url } = place;
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const said = await understood(deps, scope, stored, error);
    if (said.code !== "stripe_authentication_failed" && !secretSet) {
      const webhookDetail = endpointRefused(said);
      await commitConnection(deps, scope, stored.row.id, [
        updateConnectionRow(deps, scope, stored.row.id, { webhookDetail }),
      ]);
    }
    if (said.retryable) throw said;
    throw new AppError(said.code, { detail: `${errorText(said)} ${setUpByHand(url)}`, cause: said });
  }
}

function idsOf(endpoints: readonly Stripe.WebhookEndpoint[]): string[] {
  return endpoints.map((endpoint) => endpoint.id);
}
