// Disconnects for good: switched off first, then what can be undone at Stripe while the key still works, and
// only then the secrets are erased, in the commit that marks it. What could not be undone is said. A call that
// fails on the way, or has more links to switch off than it can, leaves it switched off; the same call goes on.

import { sql } from "drizzle-orm";
import type Stripe from "stripe";
import { announceDisconnected, announceUpdated, isStill } from "../connections/announce-connection.ts";
import { commitConnection, whileOthersChange } from "../connections/commit-connection.ts";
import { deauthorize } from "../connections/deauthorize.ts";
import { openStripe } from "../connections/open-stripe.ts";
import { findConnection, getLiveConnection, type StoredConnection } from "../connections/store.ts";
import { findEndpoints, isOurs, removeEndpoint } from "../connections/stripe-endpoints.ts";
import { narrowLedger } from "../connections/tell-ledger.ts";
import { webhookUrl } from "../connections/webhook-endpoint-state.ts";
import { updateConnectionRow } from "../connections/write-connection.ts";
import { auditEntry } from "../directory/audit.ts";
import { eraseSecrets } from "../directory/secret-store.ts";
import { deactivateOpenLinks } from "../invoices/deactivate-open-links.ts";
import { ledger } from "../ledger/client.ts";
import type { OpenEnds } from "../ledger/erasure/open-ends.ts";
import { AppError, type ErrorCode } from "../platform/app-error.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { errorText } from "../platform/logger.ts";
import { sayBefore, sayOpenEnds } from "./disconnect-words.ts";

export type Disconnected = { connection: StoredConnection; openEnds: OpenEnds; notUndone: string[] };

// More than one call tries, so that it is known whether there are more.
const MOST_LINKS = 3_000;

/**
 * @throws AppError `not_found`; `conflict` when it was disconnected before; `disconnect_unfinished` (retryable) when
 * there are links that it did not come to; `database_unavailable`
 */
export function disconnect(deps: Deps, scope: Scope, connectionId: string): Promise<Disconnected> {
  // What was changed meanwhile may have left something new at Stripe.
  return whileOthersChange(() => disconnectAsItIs(deps, scope, connectionId));
}

async function disconnectAsItIs(deps: Deps, scope: Scope, connectionId: string): Promise<Disconnected> {
  await getLiveConnection(deps, scope, connectionId);
  const stored = await switchOff(deps, scope, connectionId);
  const undone = await undoAtStripe(deps, scope, stored);
  const openEnds = await ledger(deps, scope).findOpenEnds({});
  const { accountId } = stored.row;
  const notUndone = [...sayOpenEnds(openEnds, undone.leftLinks, accountId), ...undone.notUndone];

  const detail = { account: accountId, not_undone: notUndone.length };
  const act = {
    action: "connection.disconnected",
    object: "connection",
    objectId: connectionId,
    detail,
  } as const;
  const committed = commitConnection(
    deps,
    scope,
    connectionId,
    [
      updateConnectionRow(deps, scope, connectionId, { disconnectedAtMs: deps.now(), errorDetail: null }),
      eraseSecrets(deps, scope, connectionId),
      auditEntry(deps, scope, act),
    ],
    // Then there is something new at Stripe to be undone.
    {
      unless: sql`is_active = 1 OR webhook_endpoint_id IS NOT ${stored.row.webhookEndpointId}`,
      announcement: announceDisconnected(deps, scope, connectionId),
    },
  );
  const connection = await committed.catch(async (error: unknown) => {
    // Stripe's event of the access that was just given back may have been faster.
    const now = stored.row.authType === "oauth" ? await findConnection(deps, scope, connectionId) : undefined;
    if (now && now.row.disconnectedAtMs !== null) return now;
    throw error;
  });
  return { connection, openEnds, notUndone };
}

/** From here on no job makes a new link behind those that are switched off afterwards. */
async function switchOff(deps: Deps, scope: Scope, connectionId: string): Promise<StoredConnection> {
  await narrowLedger(deps, scope, connectionId);
  const isOn = isStill(scope, connectionId, sql`is_active = 1`);
  const statements = [
    announceUpdated(deps, scope, connectionId, isOn),
    auditEntry(deps, scope, {
      action: "connection.disabled",
      object: "connection",
      objectId: connectionId,
      when: isOn,
    }),
    updateConnectionRow(deps, scope, connectionId, { isActive: false }, sql`is_active = 1`),
  ];
  return commitConnection(deps, scope, connectionId, statements, { announcement: null });
}

/** What disconnecting would do and leave, with nothing done. @throws AppError as {@link disconnect} */
export async function foreseeDisconnection(
  deps: Deps,
  scope: Scope,
  connectionId: string,
): Promise<Disconnected> {
  const connection = await getLiveConnection(deps, scope, connectionId);
  return foresee(connection, await ledger(deps, scope).findOpenEnds({}));
}

/** The same of what was read. Pure. */
export function foresee(connection: StoredConnection, openEnds: OpenEnds): Disconnected {
  return { connection, openEnds, notUndone: sayBefore(openEnds, connection.row.authType === "oauth") };
}

/**
 * Links first: a payment that is made meanwhile is still heard of by the endpoint.
 * @returns why, for each link that could not be switched off, and what else there is to say
 */
async function undoAtStripe(
  deps: Deps,
  scope: Scope,
  stored: StoredConnection,
): Promise<{ leftLinks: ReadonlyMap<string, string>; notUndone: string[] }> {
  const links = await ledger(deps, scope).switchOffAllLinks({ limit: MOST_LINKS });
  try {
    const stripe = await openStripe(deps, stored);
    const { left: leftLinks, ...off } = await deactivateOpenLinks(deps, scope, links, {
      connection: stored,
      stripe,
    });
    // Where none can be switched off, another call would come no further.
    if (off.untried > 0 && off.done > 0) throw await unfinished(deps, scope, off.done);
    const isByConnect = stored.row.authType === "oauth";
    const notUndone = isByConnect
      ? await giveAccessBack(deps, stored)
      : await removeOurEndpoints(deps, scope, stripe, stored);
    return { leftLinks, notUndone };
  } catch (error) {
    if (!(error instanceof AppError) || NOT_OF_STRIPE.has(error.code)) throw error;
    const remedy =
      stored.row.authType === "oauth"
        ? TAKE_BACK
        : "Delete the webhook endpoint in Workbench in Stripe's dashboard, under Webhooks.";
    const words = `Nothing could be undone at Stripe: ${errorText(error)} ${remedy}`;
    return { leftLinks: new Map(), notUndone: [words] };
  }
}

const NOT_OF_STRIPE: ReadonlySet<ErrorCode> = new Set(["database_unavailable", "disconnect_unfinished"]);

async function unfinished(deps: Deps, scope: Scope, done: number): Promise<AppError> {
  const { links } = await ledger(deps, scope).findOpenEnds({});
  const detail = `${done} payment links were switched off at Stripe, and ${links.length} are left, which is more than one call can do. The connection is switched off and still connected. Make the same call again: it goes on where this one ended.`;
  return new AppError("disconnect_unfinished", { detail, retryable: true, retryAfterSeconds: 1 });
}

const TAKE_BACK =
  "The account's owner takes the access back in Stripe's dashboard, under Settings, Installed apps.";

/**
 * Nobody else has a use for the access, so that it is not left behind because Stripe was away: the same call goes on.
 * @returns why it could not be given back, for good
 */
async function giveAccessBack(deps: Deps, { row }: StoredConnection): Promise<string[]> {
  try {
    const left = await deauthorize(deps, row);
    return left === null ? [] : [`The access to the account was not given back: ${left} ${TAKE_BACK}`];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (!error.retryable) return [`The access was not given back: ${errorText(error)} ${TAKE_BACK}`];
    const detail = `The access to the account could not be given back at Stripe: ${errorText(error)} The connection is switched off and still connected. Make the same call again: it goes on.`;
    throw new AppError("disconnect_unfinished", { detail, retryable: true, retryAfterSeconds: 1 });
  }
}

async function removeOurEndpoints(
  deps: Deps,
  scope: Scope,
  stripe: Stripe,
  { row }: StoredConnection,
): Promise<string[]> {
  const url = webhookUrl(deps, scope);
  try {
    const endpoints = await findEndpoints(stripe, url, row.webhookEndpointId);
    const [ours, byHand] = [true, false].map((made) =>
      endpoints.filter((endpoint) => isOurs(endpoint, scope, row.webhookEndpointId) === made),
    );
    for (const endpoint of ours ?? []) await removeEndpoint(stripe, endpoint.id);
    return (byHand ?? []).map(
      ({ id }) =>
        `The webhook endpoint ${id} was made by hand: delete it in Workbench in Stripe's dashboard, under Webhooks.`,
    );
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const which = row.webhookEndpointId ?? `with the URL ${url}`;
    return [
      `The webhook endpoint ${which} could not be deleted: ${errorText(error)} Delete it in Workbench in Stripe's dashboard, under Webhooks.`,
    ];
  }
}
