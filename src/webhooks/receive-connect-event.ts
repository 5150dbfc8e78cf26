// Takes in one delivery to the platform's Connect endpoint, which hears of all accounts that are connected by Stripe
// Connect: verified by the platform's secrets, put on the queue for the environment that has the account, and only
// then answered with 200. What is nobody's here is counted.

import { findConnectedAccount } from "../connections/connected-accounts.ts";
import { isWithinLimit, rateLimited } from "../http/rate-limit.ts";
import { senderOf } from "../http/sender.ts";
import type { AppError } from "../platform/app-error.ts";
import type { Deps } from "../platform/deps.ts";
import { readAddress } from "./connect-address.ts";
import { noteConnectEvent } from "./count-connect-events.ts";
import { letIn } from "./let-in.ts";
import { SHOWN_AS, signatureRefused } from "./receive-event.ts";
import { readHeader, type SignatureProblem, type TimelyHeader, verifySignature } from "./verify-signature.ts";

/**
 * A connection that is switched off refuses nothing here, as it does at its own address: Stripe would in the end
 * switch off the endpoint for all accounts. Its ledger sets the event aside until it is on again.
 * @param rawBody the body as it arrived
 * @throws AppError `signature_refused` (400), also where no secret is set; `rate_limited` and `over_budget` (429),
 * `queue_unavailable` or `database_unavailable` (503): Stripe sends the event again
 */
export async function receiveConnectEvent(
  deps: Deps,
  rawBody: string,
  header: string | undefined,
): Promise<void> {
  const timely = await readConnectSignature(deps, header);
  const { webhookSecrets } = deps.config.connect;
  const verification = await verifySignature(rawBody, timely, webhookSecrets, deps.now());
  if (!verification.ok) throw await refusal(deps, verification.reason);
  const address = readAddress(rawBody);
  if (typeof address === "string") return noteConnectEvent(deps, address);
  const { accountId, livemode } = address;
  const connected = await findConnectedAccount(deps, accountId, livemode);
  if (!connected) {
    deps.log.info("event of an account that is not connected", { account: accountId, livemode });
    return noteConnectEvent(deps, "unknown_account");
  }
  await letIn(deps, connected.scope, connected.connectionId, rawBody);
}

/**
 * Refuses what nobody can have signed, before the body is read.
 * @throws AppError `signature_refused` (400), `rate_limited` (429)
 */
export async function readConnectSignature(deps: Deps, header: string | undefined): Promise<TimelyHeader> {
  const read = readHeader(header, deps.now());
  if (read.ok) return read.header;
  throw await refusal(deps, read.reason);
}

async function refusal(deps: Deps, reason: SignatureProblem): Promise<AppError> {
  noteConnectEvent(deps, SHOWN_AS[reason]);
  if (!(await isWithinLimit(deps, "refused", `connect/${senderOf(deps)}`))) return rateLimited("refused");
  deps.log.warn("webhook refused", { door: "connect", reason });
  return signatureRefused();
}
