// Tries a connection from end to end and says in plain words what works and what does not, with what to do.
// It keeps what it learns: the account's state, and whether Stripe takes the key; and what waits for the connection is
// tried again, since a person tests it once it is put right. At Stripe it changes nothing.

import type Stripe from "stripe";
import { validSecrets } from "../directory/secret-store.ts";
import { ledger } from "../ledger/client.ts";
import { AppError } from "../platform/app-error.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { errorText } from "../platform/logger.ts";
import { isTestKey } from "../platform/stripe.ts";
import {
  accountChecks,
  type Check,
  endpointChecks,
  lastEventCheck,
  lastWebhookCheck,
  missingEndpoint,
  signaturesCheck,
} from "./connection-checks.ts";
import { NO_CONNECT_SECRETS } from "./connection-state.ts";
import { demandedBy, usageOf } from "./features.ts";
import { keepLacking } from "./keep-lacking.ts";
import { keepRefresh } from "./keep-refresh.ts";
import { openStripe } from "./open-stripe.ts";
import { permissionRow } from "./permissions.ts";
import { isRestrictedKey, lackingOf, type Probed, probePermissions } from "./probe-permissions.ts";
import { refreshAccount } from "./refresh-account.ts";
import { viewOf } from "./render-connection.ts";
import { getLiveConnection, type StoredConnection, takesThinEvents } from "./store.ts";
import { findEndpoints } from "./stripe-endpoints.ts";
import { isStripeEventType } from "./stripe-event-types.ts";
import { wakeWaitingWork } from "./wake-waiting-work.ts";
import { connectWebhookUrl, setUpByHand, webhookUrl } from "./webhook-endpoint-state.ts";

// Stripe delivers within moments.
const DELIVERED_WITHIN_MS = 5 * 60_000;

export type ConnectionTest = { ok: boolean; checks: Check[] };

/** @throws AppError `not_found` or `conflict`; never for what Stripe answers: that is a check that failed */
export async function testConnection(
  deps: Deps,
  scope: Scope,
  connectionId: string,
): Promise<ConnectionTest> {
  const stored = await getLiveConnection(deps, scope, connectionId);
  const refresh = await refreshAccount(deps, stored);
  await keepRefresh(deps, scope, stored.row, refresh);
  // A permission that was added to the key at Stripe shows nowhere else.
  if (refresh.ok && stored.row.isActive) await wakeWaitingWork(deps, scope);

  const checks: Check[] = [];
  if (refresh.ok) {
    checks.push(keyTaken(stored), modeCheck(stored));
    checks.push(...accountChecks(refresh.account, stored.row.livemode));
  } else {
    checks.push(keyCheck(refresh.error, stored));
  }
  // With a key that is refused there is nothing more to ask Stripe.
  if (refresh.ok || refresh.error.code === "stripe_permission_missing") {
    const stripe = await openStripe(deps, stored);
    checks.push(...(await permissionChecks(deps, scope, stripe, stored)));
    checks.push(...(await checkEndpoint(deps, scope, stripe, stored)));
  }
  checks.push(isByConnect(stored) ? connectSecretCheck(deps) : secretCheck(deps, scope, stored));
  const arrivals = await ledger(deps, scope).findLastArrivals({});
  const unheard = arrivals.eventAtMs === null && refresh.ok ? await findUnheard(deps, stored) : null;
  checks.push(lastEventCheck(arrivals.eventAtMs), lastWebhookCheck(arrivals, unheard, stored.row.authType));
  checks.push(signaturesCheck(viewOf(stored, deps), arrivals.webhookAtMs));
  if (!stored.row.isActive) {
    checks.push(failed("is_active", "The connection is switched off. Set is_active to true to go on."));
  }
  return { ok: checks.every((check) => check.ok), checks };
}

function isByConnect({ row }: StoredConnection): boolean {
  return row.authType === "oauth";
}

function keyTaken(stored: StoredConnection): Check {
  if (isByConnect(stored))
    return passed("access", "Stripe gives the platform access to the account (Stripe Connect).");
  return passed("secret_key", "Stripe takes the key.");
}

function keyCheck(error: AppError, stored: StoredConnection): Check {
  if (isByConnect(stored)) {
    const remedy = error.retryable
      ? "Nothing was changed: try again."
      : "Connect the account again with POST /api/v1/connections/oauth, after DELETE of this connection.";
    return failed("access", `${errorText(error)} ${error.code === "secret_unreadable" ? "" : remedy}`.trim());
  }
  const name = error.code === "stripe_permission_missing" ? "permission_account_read" : "secret_key";
  if (error.retryable)
    return failed(name, `It could not be tried, and nothing was changed. ${errorText(error)}`);
  const remedy =
    error.code === "stripe_permission_missing"
      ? "Give the key this permission at Stripe: without it the account's state is not known."
      : "Set a new secret_key with PATCH.";
  return failed(name, `${errorText(error)} ${remedy}`);
}

function modeCheck({ row }: StoredConnection): Check {
  if (row.authType === "oauth")
    return passed(
      "mode",
      `The environment's key of the platform is of ${row.livemode ? "live" : "test"} mode.`,
    );
  const testKey = isTestKey(row.secretKeyHint);
  const mode = testKey ? "test" : "live";
  if (testKey !== row.livemode) return passed("mode", `The key and the environment are of ${mode} mode.`);
  return failed("mode", `The key is of ${mode} mode, and the environment is not.`);
}

async function permissionChecks(
  deps: Deps,
  scope: Scope,
  stripe: Stripe,
  stored: StoredConnection,
): Promise<Check[]> {
  const { row } = stored;
  if (isByConnect(stored)) return [passed("permissions", "The account's owner has granted read and write.")];
  if (!isRestrictedKey(row.secretKeyHint))
    return [passed("permissions", "It is no restricted key: it has every permission.")];
  const probed = await probePermissions(stripe);
  if (probed.every(({ outcome }) => outcome !== "unknown"))
    await keepLacking(deps, scope, stored, lackingOf(probed));
  const demanded = demandedBy(usageOf(row, takesThinEvents(stored, deps.now())));
  return probed.map((one) => permissionCheck(one, demanded.has(one.name)));
}

/** @param isDemanded the connection uses it by itself: else it is only said that it is missing */
function permissionCheck(probed: Probed, isDemanded: boolean): Check {
  const { resource, access, purpose } = permissionRow(probed.name);
  const name = `permission_${probed.name}`;
  const called = `'rak_${probed.name}' (${resource}: ${access}), for ${purpose}`;
  if (probed.outcome === "allowed") return passed(name, `The key has ${called}.`);
  const said = errorText(probed.said);
  if (probed.outcome === "unknown")
    return failed(name, `Whether the key has ${called}, could not be found out: ${said}`);
  if (!isDemanded)
    return passed(
      name,
      `The restricted key lacks ${called}. That is not in use, so nothing is wrong with it.`,
    );
  return failed(name, `The restricted key lacks ${called}. Add it to the key at Stripe. ${said}`);
}

async function checkEndpoint(
  deps: Deps,
  scope: Scope,
  stripe: Stripe,
  stored: StoredConnection,
): Promise<Check[]> {
  const { row } = stored;
  if (isByConnect(stored)) {
    const detail = `Events come by the platform's Connect endpoint, ${connectWebhookUrl(deps)}: nothing is set up at the account.`;
    return [passed("webhook_endpoint", detail)];
  }
  const onlyThin =
    takesThinEvents(stored, deps.now()) &&
    validSecrets(stored.secrets, "webhook_secret", deps.now()).length === 0;
  if (onlyThin)
    return [
      passed("webhook_endpoint", "Thin events are taken in; their destination is in Workbench at Stripe."),
    ];
  const url = webhookUrl(deps, scope);
  try {
    const found = await findEndpoints(stripe, url, row.webhookEndpointId);
    const endpoint = found.find(({ id }) => id === row.webhookEndpointId) ?? found[0];
    if (!endpoint) return [missingEndpoint(url)];
    return endpointChecks(endpoint, url, found.length);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    // A person looks after it, and the key was not given what it takes to look.
    if (error.code === "stripe_permission_missing" && row.webhookEndpointId === null)
      return [
        passed("webhook_endpoint", "The key may not look at endpoints: what arrives says whether it works."),
      ];
    return [
      failed("webhook_endpoint", `Whether the endpoint exists could not be found out. ${errorText(error)}`),
    ];
  }
}

/**
 * When nothing has arrived yet: an event that Stripe has made since the connection was, and would long have delivered.
 * @returns null for none, and where Stripe does not tell
 */
async function findUnheard(deps: Deps, stored: StoredConnection): Promise<string | null> {
  const { isActive, createdAtMs } = stored.row;
  const isHeard = viewOf(stored, deps).webhookSecretSet;
  const lt = Math.floor((deps.now() - DELIVERED_WITHIN_MS) / 1000);
  const gte = Math.ceil(createdAtMs / 1000);
  if (!isActive || !isHeard || gte >= lt) return null;
  try {
    const stripe = await openStripe(deps, stored);
    const { data } = await stripe.events.list({ created: { gte, lt }, limit: 100 });
    return data.find(({ type }) => isStripeEventType(type))?.id ?? null;
  } catch {
    return null;
  }
}

function connectSecretCheck({ config }: Deps): Check {
  const name = "webhook_secret";
  if (config.connect.webhookSecrets.length === 0) return failed(name, NO_CONNECT_SECRETS);
  return passed(name, "Those of the platform's Connect endpoint are set.");
}

function secretCheck(deps: Deps, scope: Scope, stored: StoredConnection): Check {
  const name = "webhook_secret";
  const valid = validSecrets(stored.secrets, "webhook_secret", deps.now());
  const unreadable = valid.filter((row) => !deps.keyring.keyIds.includes(row.keyId));
  if (valid.length === 0 && takesThinEvents(stored, deps.now()))
    return passed(name, "That of thin events is set, and none of snapshot events.");
  if (valid.length === 0) {
    const why = stored.row.webhookDetail ?? "No signing secret is set: payments are not processed.";
    return failed(name, `${why} ${setUpByHand(webhookUrl(deps, scope))}`);
  }
  if (unreadable.length > 0) {
    const ids = unreadable.map((row) => `'${row.keyId}'`).join(", ");
    return failed(
      name,
      `It was sealed under the key ${ids}, which ENCRYPTION_KEYS no longer has. Set it again.`,
    );
  }
  const old = valid.length - 1;
  return passed(name, old === 0 ? "It is set." : `It is set; ${old} replaced before it still valid.`);
}

function passed(name: string, detail: string): Check {
  return { name, ok: true, detail };
}

function failed(name: string, detail: string): Check {
  return { name, ok: false, detail };
}
