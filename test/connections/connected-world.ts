// An environment that is connected to an account by Stripe Connect: as the callback leaves it, without the way there.

import { noteLedgerBehind } from "../../src/connections/announce-connection.ts";
import { tellLedger } from "../../src/connections/tell-ledger.ts";
import { insertConnection } from "../../src/connections/write-connection.ts";
import { newId } from "../../src/platform/ids.ts";
import { ORIGIN, root } from "../harness/api.ts";
import { sandbox } from "../harness/sandbox.ts";
import { deliver, signatureFor } from "../harness/stripe-delivery.ts";
import { createEndpoint, createTenantWorld, type TestWorld, testDeps } from "../harness/world.ts";

/** As vitest.config.ts sets them. */
export const PLATFORM_KEY = "sk_test_quittanceplatform_1";
export const CONNECT_SECRET = "whsec_ofTheConnectEndpointInTests00";
export const CONNECT_URL = `${ORIGIN}/api/v1/webhooks/stripe/connect`;

const platformId = () => sandbox.accountFor(PLATFORM_KEY).account.id;

/** The platform's own endpoint at the sandbox, which hears of all accounts. */
export async function listenAtConnect(): Promise<void> {
  const { id } = await createEndpoint(PLATFORM_KEY, CONNECT_URL, { connect: true });
  const record = sandbox.accountFor(PLATFORM_KEY).endpoints[id];
  if (record) record.secrets = [{ value: CONNECT_SECRET, expiresAtMs: null }];
}

/** @param options.livemode of an environment beside the tenant's own, which is of test mode */
export async function createConnectedWorld(
  options: { livemode?: boolean; accountId?: string } = {},
): Promise<TestWorld> {
  const world = await createTenantWorld();
  const { livemode = false, accountId = world.accountId } = options;
  const { tenantId } = world.scope;
  const live = { name: "live", livemode: true };
  const scope = livemode
    ? { tenantId, environmentId: (await root("POST", `/tenants/${tenantId}/environments`, live)).body.id }
    : world.scope;
  const connectionId = await grant({ ...world, accountId, scope }, livemode);
  return { ...world, accountId, scope, webhookUrl: CONNECT_URL, webhookSecret: CONNECT_SECRET, connectionId };
}

/** Connects the account to the environment, again where it was disconnected. @returns the connection's id */
export async function grant(
  { scope, accountId }: Pick<TestWorld, "scope" | "accountId">,
  livemode = false,
): Promise<string> {
  sandbox.world.oauthGrants[accountId] = platformId();
  const deps = testDeps();
  const id = newId("conn");
  const now = Date.now();
  const account = {
    ...{ id: accountId, displayName: "Acme", country: "DE", defaultCurrency: "EUR", disabledReason: null },
    ...{ chargesEnabled: true, payoutsEnabled: true, detailsSubmitted: true, requirements: [] },
  };
  const syncConfig = {
    customer: { inbound: false, outbound: false },
    invoice: { outbound: true },
    subscription: { inbound: true },
  };
  const row = {
    ...({
      ...scope,
      jurisdiction: null,
      id,
      name: "Connect",
      provider: "stripe",
      authType: "oauth",
    } as const),
    ...{ livemode, isActive: true, errorDetail: null, secretKeyHint: "", publishableKey: null },
    ...{ webhookEndpointId: null, webhookDetail: null, accountId, account, accountAsOfMs: now },
    ...{ accountRefreshDueAtMs: now + 86_400_000, syncConfig, disconnectedAtMs: null, revision: 1 },
    ...{ createdAtMs: now, updatedAtMs: now, missingPermissions: null, refused: null, refusedSinceMs: null },
  };
  await insertConnection(deps, row, [noteLedgerBehind(deps, scope, id)]);
  await tellLedger(deps, scope);
  return id;
}

/** Delivers an event to the Connect door, rightly signed. */
export async function deliverToConnect(event: object, secret = CONNECT_SECRET) {
  const body = JSON.stringify(event, null, 2);
  return deliver({ webhookUrl: CONNECT_URL }, body, await signatureFor(body, secret));
}
