// Makes an environment's connection: checked here, then tried at Stripe, and only then stored with its
// secrets in one commit. A key that Stripe refuses leaves nothing behind; an endpoint that Stripe refuses
// leaves a connection that says why and what to do by hand.

import type Stripe from "stripe";
import { auditEntry } from "../directory/audit.ts";
import { insertSecret, sealSecret } from "../directory/secret-store.ts";
import { AppError } from "../platform/app-error.ts";
import { commit } from "../platform/commit.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { newId } from "../platform/ids.ts";
import { isTestKey, liveKeyRefused } from "../platform/stripe.ts";
import type { SyncConfig } from "../platform/sync-config.ts";
import { noteLedgerBehind } from "./announce-connection.ts";
import { catchUpLinks } from "./catch-up-links.ts";
import { checkCredentials, secretKeyHint } from "./check-credentials.ts";
import type { Changed } from "./commit-connection.ts";
import { mustMakeLinks, noticesOf } from "./features.ts";
import { newConnectionRow } from "./new-connection-row.ts";
import { forgetCached } from "./open-connection.ts";
import { findLacking } from "./probe-permissions.ts";
import { readPasted } from "./read-pasted.ts";
import { removeEndpoints } from "./remove-endpoints.ts";
import { WEBHOOK_SECRETS } from "./rotate-secrets.ts";
import { type ConnectionRow, findLiveConnection, type StoredConnection } from "./store.ts";
import { findEndpoints, type MadeEndpoint, makeEndpoint, removeEndpoint } from "./stripe-endpoints.ts";
import { tellLedger } from "./tell-ledger.ts";
import { tryKey } from "./try-key.ts";
import { wakeWaitingWork } from "./wake-waiting-work.ts";
import { endpointRefused, webhookUrl } from "./webhook-endpoint-state.ts";
import { connectionExists, insertConnection, updateConnectionRow } from "./write-connection.ts";

export type CreateConnectionInput = {
  name: string;
  secretKey: string;
  publishableKey?: string | null | undefined;
  webhookSecret?: string | undefined;
  /** Of a second destination, for thin events. */
  thinWebhookSecret?: string | undefined;
  /** Who makes the endpoint at Stripe; left out, we do where no webhook secret is given. */
  webhookSetup?: "manual" | "automatic" | undefined;
  syncConfig: SyncConfig;
};

/**
 * @param livemode the environment's mode, which the key must have
 * @throws AppError `validation_failed`, `mode_mismatch`, `live_key_refused`, `connection_exists`,
 * `stripe_authentication_failed`, `stripe_permission_missing`, or Stripe's passing failures
 */
export async function createConnection(
  deps: Deps,
  scope: Scope,
  livemode: boolean,
  input: CreateConnectionInput,
): Promise<Changed> {
  const { notices, ...credentials } = readPasted(input);
  checkCredentials(credentials, livemode);
  const secretKey = credentials.secretKey ?? "";
  if (deps.config.stripeApiBase !== null && !isTestKey(secretKey)) throw liveKeyRefused();
  if (await findLiveConnection(deps, scope)) throw connectionExists();
  const account = await tryKey(deps, secretKey);

  const stripe = deps.stripe(secretKey);
  const byUs = input.webhookSetup !== "manual" && credentials.webhookSecret === undefined;
  const lacking = await findLacking(stripe, secretKey);
  const usage = {
    syncConfig: input.syncConfig,
    makesEndpoint: byUs,
    thinEvents: typeof credentials.thinWebhookSecret === "string",
  };
  mustMakeLinks(usage, lacking, "secret_key");
  notices.push(...noticesOf(usage, lacking));
  const setUp = byUs ? await setUpEndpoint(deps, scope, stripe) : NOT_ASKED;
  const id = newId("conn");
  const made = await store(deps, scope, stripe, setUp, {
    row: newConnectionRow(deps, scope, account, {
      id,
      name: input.name,
      authType: "api_key",
      livemode,
      secretKeyHint: secretKeyHint(secretKey),
      publishableKey: credentials.publishableKey ?? null,
      webhookEndpointId: setUp.made?.id ?? null,
      webhookDetail: setUp.webhookDetail,
      syncConfig: input.syncConfig,
      missingPermissions: lacking,
    }),
    secretKey,
    webhookSecret: setUp.made?.secret ?? credentials.webhookSecret,
    thinWebhookSecret: credentials.thinWebhookSecret ?? undefined,
  });
  if (setUp.made)
    notices.push(`The endpoint ${setUp.made.id} was made at Stripe, and its signing secret stored.`);
  if (input.webhookSetup === "automatic" && credentials.webhookSecret !== undefined) {
    notices.push("A webhook_secret was given, so no endpoint was made at Stripe.");
  }
  await tellLedger(deps, scope);
  // Replaced, not doubled: an older endpoint with our URL signs with a secret that nobody knows.
  const removal = await removeEndpoints(stripe, setUp.older);
  notices.push(...removal.notices);
  const connection =
    removal.halfDone === null ? made : await noteHalfDone(deps, scope, made, removal.halfDone);
  if (removal.halfDone !== null) notices.push(removal.halfDone);
  await wakeWaitingWork(deps, scope);
  if (input.syncConfig.invoice.outbound) notices.push(...(await catchUpLinks(deps, scope)));
  return { connection, notices };
}

type SetUp = { made: MadeEndpoint | null; older: string[]; webhookDetail: string | null };
const NOT_ASKED: SetUp = { made: null, older: [], webhookDetail: null };

/** Makes the endpoint beside any with our URL. Whatever Stripe answers, the connection can be made. */
async function setUpEndpoint(deps: Deps, scope: Scope, stripe: Stripe): Promise<SetUp> {
  const url = webhookUrl(deps, scope);
  try {
    const older = (await findEndpoints(stripe, url, null)).map((endpoint) => endpoint.id);
    return { ...(await makeInPlaceOf(stripe, scope, url, older)), webhookDetail: null };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { made: null, older: [], webhookDetail: endpointRefused(error) };
  }
}

/** At Stripe's limit of endpoints, those with our URL make room: their secrets are unknown, so they are of no use. */
async function makeInPlaceOf(stripe: Stripe, scope: Scope, url: string, older: string[]) {
  try {
    return { made: await makeEndpoint(stripe, scope, url), older };
  } catch (error) {
    const atLimit = error instanceof AppError && /maximum|limit/i.test(error.message) && !error.retryable;
    if (!atLimit || older.length === 0) throw error;
    for (const id of older) await removeEndpoint(stripe, id);
    return { made: await makeEndpoint(stripe, scope, url), older: [] };
  }
}

async function store(
  deps: Deps,
  scope: Scope,
  stripe: Stripe,
  setUp: SetUp,
  fresh: {
    row: ConnectionRow;
    secretKey: string;
    webhookSecret: string | undefined;
    thinWebhookSecret: string | undefined;
  },
): Promise<StoredConnection> {
  const place = { ownerId: fresh.row.id, version: 1 };
  const secrets = [await sealSecret(deps, scope, { ...place, field: "secret_key", value: fresh.secretKey })];
  const webhookSecrets = {
    webhook_secret: fresh.webhookSecret,
    thin_webhook_secret: fresh.thinWebhookSecret,
  };
  for (const field of WEBHOOK_SECRETS) {
    const value = webhookSecrets[field];
    if (value !== undefined) secrets.push(await sealSecret(deps, scope, { ...place, field, value }));
  }
  const { id: objectId, secretKeyHint: hint, accountId, webhookEndpointId } = fresh.row;
  const detail = { secret_key: hint, account: accountId, webhook_endpoint: webhookEndpointId };
  const act = { action: "connection.created", object: "connection", objectId, detail } as const;
  try {
    await insertConnection(deps, fresh.row, [
      ...secrets.map((secret) => insertSecret(deps, secret)),
      auditEntry(deps, scope, act),
      noteLedgerBehind(deps, scope, objectId),
    ]);
    return { row: fresh.row, secrets };
  } catch (error) {
    // Another call was faster: its endpoint is the one. (Where the database did not answer, the connection
    // may be there: the endpoint stays, and should it be nobody's, the next call finds it by our URL.)
    const lost = error instanceof AppError && error.code === "connection_exists";
    if (lost && setUp.made) await removeEndpoint(stripe, setUp.made.id);
    throw error;
  } finally {
    forgetCached(scope);
  }
}

async function noteHalfDone(
  deps: Deps,
  scope: Scope,
  { row, secrets }: StoredConnection,
  webhookDetail: string,
): Promise<StoredConnection> {
  await commit(deps.directory, [updateConnectionRow(deps, scope, row.id, { webhookDetail })]);
  return { row: { ...row, webhookDetail, updatedAtMs: deps.now() }, secrets };
}
