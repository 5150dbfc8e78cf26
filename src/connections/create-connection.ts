// Makes an environment's connection: checked here, then tried at Stripe, and only then stored with its
// secrets in one commit. A key that Stripe refuses leaves nothing behind.

import { AppError } from "../platform/app-error.ts";
import type { Deps, Scope } from "../platform/deps.ts";
import { newId } from "../platform/ids.ts";
import { insertSecret, sealSecret } from "../platform/secret-store.ts";
import { fromStripeError, isTestKey, liveKeyRefused } from "../platform/stripe.ts";
import type { AccountState, SyncConfig } from "../platform/tables.ts";
import { readAccountState } from "./account-state.ts";
import { checkCredentials, secretKeyHint } from "./check-credentials.ts";
import {
  type ConnectionRow,
  connectionExists,
  findConnection,
  findLiveConnection,
  insertConnection,
  type StoredConnection,
} from "./store.ts";

export type CreateConnectionInput = {
  name: string;
  secretKey: string;
  publishableKey?: string | null | undefined;
  webhookSecret?: string | undefined;
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
): Promise<StoredConnection> {
  checkCredentials(input, livemode);
  if (deps.config.stripeApiBase !== null && !isTestKey(input.secretKey)) throw liveKeyRefused();
  if (await findLiveConnection(deps, scope)) throw connectionExists();
  const account = await tryKey(deps, input.secretKey);

  const now = deps.now();
  const row: ConnectionRow = {
    ...scope,
    id: newId("conn"),
    name: input.name,
    provider: "stripe",
    authType: "api_key",
    livemode,
    isActive: true,
    errorDetail: null,
    secretKeyHint: secretKeyHint(input.secretKey),
    publishableKey: input.publishableKey ?? null,
    webhookEndpointId: null,
    accountId: account.id,
    account,
    syncConfig: input.syncConfig,
    disconnectedAtMs: null,
    createdAtMs: now,
    updatedAtMs: now,
  };
  const secret = { ownerId: row.id, version: 1 };
  const sealed = [await sealSecret(deps, scope, { ...secret, field: "secret_key", value: input.secretKey })];
  if (input.webhookSecret !== undefined) {
    sealed.push(
      await sealSecret(deps, scope, { ...secret, field: "webhook_secret", value: input.webhookSecret }),
    );
  }
  await insertConnection(
    deps,
    row,
    sealed.map((secret) => insertSecret(deps, secret)),
  );
  const stored = await findConnection(deps, scope, row.id);
  if (!stored)
    throw new AppError("internal_error", { detail: "The connection was stored and cannot be read." });
  return stored;
}

/**
 * Asks Stripe whose key this is.
 * @throws AppError `stripe_authentication_failed` or `stripe_permission_missing` at `secret_key`, or a passing failure
 */
export async function tryKey(deps: Deps, secretKey: string): Promise<AccountState> {
  try {
    return readAccountState(await deps.stripe(secretKey).accounts.retrieveCurrent());
  } catch (error) {
    const said = fromStripeError(error);
    if (said.retryable) throw said;
    const errors = [{ path: "secret_key", message: said.message }];
    throw new AppError(said.code, { detail: said.message, errors, cause: error });
  }
}
