// The one place where a connection gets its Stripe client: with its own key, or, where it was made by Stripe Connect,
// with the platform's key of its mode and the account that it acts on (https://docs.stripe.com/connect/authentication).

import type Stripe from "stripe";
import { openSecret, validSecrets } from "../directory/secret-store.ts";
import { noteSecurity } from "../directory/security-log.ts";
import { AppError } from "../platform/app-error.ts";
import { platformKey, platformKeySetting } from "../platform/connect-config.ts";
import type { Deps } from "../platform/deps.ts";
import type { StoredConnection } from "./store.ts";

/**
 * A client that acts on the connection's account.
 * @throws AppError `secret_unreadable` where the key that it takes cannot be opened or is not set
 */
export async function openStripe(deps: Deps, connection: StoredConnection): Promise<Stripe> {
  const { authType, accountId, livemode } = connection.row;
  if (authType === "api_key") {
    const secretKey = await openSecretKey(deps, connection);
    await noteUse(deps, connection);
    return deps.stripe(secretKey);
  }
  const key = platformKey(deps.config.connect, livemode);
  if (key !== null) {
    await noteUse(deps, connection);
    return deps.stripe(key, accountId);
  }
  const detail = `The connection was made by Stripe Connect, and the platform's key is not set: the operator has to set ${platformKeySetting(livemode)}.`;
  throw new AppError("secret_unreadable", { detail });
}

/** Once an hour and connection: a row for each call would cost more than the call. */
function noteUse(deps: Deps, { row }: StoredConnection): Promise<void> {
  const { id, tenantId, environmentId, authType } = row;
  return noteSecurity(deps, {
    event: "connection_secret.used",
    outcome: "ok",
    scope: { tenantId, environmentId },
    detail: { connection_id: id, auth_type: authType },
    oncePerHour: id,
  });
}

async function openSecretKey(deps: Deps, connection: StoredConnection): Promise<string> {
  const [present] = validSecrets(connection.secrets, "secret_key", deps.now());
  if (!present)
    throw new AppError("secret_unreadable", {
      detail: "The connection has no secret key. Set secret_key again.",
    });
  return openSecret(deps, present);
}
