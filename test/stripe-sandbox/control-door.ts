// The door by which a test or the demo makes the sandbox misbehave, pay, and let time pass. It is no part
// of Stripe: everything under `/_sandbox` is the sandbox's own, JSON in and out.

import type Stripe from "stripe";
import * as z from "zod";
import type { SandboxContext } from "./context.ts";
import * as schema from "./control-schema.ts";
import { releaseDeliveries, resendEvent } from "./deliver-webhooks.ts";
import { emitEvent } from "./emit-event.ts";
import { StripeApiError } from "./errors.ts";
import { newId } from "./ids.ts";
import { seconds } from "./plain.ts";
import { applicationId, deauthorize } from "./resources/oauth.ts";
import type { DeliveryRecord, Sandbox } from "./types.ts";

/** What the door needs of the sandbox beside its world. */
export type ControlParts = Pick<Sandbox, "accountFor" | "pay" | "settle" | "advance"> & {
  /** Ends a dispute and emits its events. */
  closeDispute: (accountId: string, disputeId: string, outcome: "won" | "lost") => void | Promise<void>;
};

type Call = { context: SandboxContext; parts: ControlParts; path: readonly string[]; body: unknown };

/** Answers one `/_sandbox/…` request. Never throws for a bad request: 400 and 404 say what is wrong. */
export async function handleControl(
  context: SandboxContext,
  parts: ControlParts,
  request: Request,
): Promise<Response> {
  const path = new URL(request.url).pathname.split("/").slice(2);
  const name = `${request.method} ${path[0] ?? ""}${path.length > 2 ? `/*/${path[2]}` : path[1] ? "/*" : ""}`;
  const run = CALLS[name];
  if (!run) return failure(404, `The sandbox has no ${request.method} ${new URL(request.url).pathname}`);
  try {
    const text = await request.text();
    const answer = await run({ context, parts, path, body: text === "" ? {} : JSON.parse(text) });
    context.changed();
    return Response.json(answer);
  } catch (error) {
    if (error instanceof z.ZodError) return failure(400, z.prettifyError(error));
    if (error instanceof SyntaxError) return failure(400, "The body is not JSON");
    if (error instanceof NotThere) return failure(404, error.message);
    if (error instanceof StripeApiError) return failure(error.status, error.message);
    throw error;
  }
}

class NotThere extends Error {}

const CALLS: Record<string, (call: Call) => unknown> = {
  "GET health": () => ({ ok: true }),
  "POST faults": ({ context, body }) => {
    const fault = schema.fault.parse(body);
    context.world.faults.push(fault);
    return { faults: context.world.faults };
  },
  "DELETE faults": ({ context }) => {
    context.world.faults.length = 0;
    return { faults: [] };
  },
  "PUT delivery": ({ context, body }) => {
    Object.assign(context.world.deliveryPolicy, schema.deliveryPolicy.parse(body));
    return context.world.deliveryPolicy;
  },
  "GET deliveries": ({ context }) => ({ deliveries: listDeliveries(context) }),
  "POST deliveries/*": ({ context, path }) => {
    if (path[1] !== "release") throw new NotThere("The sandbox has only deliveries/release");
    return { released: releaseDeliveries(context) };
  },
  "POST events/*/resend": ({ context, path }) => {
    const id = path[1] ?? "";
    const account = Object.values(context.world.accounts).find((world) => world.events[id]);
    const event = account?.events[id];
    if (!account || !event) throw new NotThere(`No event ${id}`);
    return { sent_to: resendEvent(context, account.account.id, event) };
  },
  "POST pay": ({ parts, body }) => {
    const { key, payment_link: paymentLinkId, session: sessionId, ...payer } = schema.payment.parse(body);
    return parts.pay(parts.accountFor(key).account.id, { paymentLinkId, sessionId }, payer);
  },
  "POST advance": async ({ context, parts, body }) => {
    await parts.advance(schema.advance.parse(body).ms);
    return { now_ms: context.now() };
  },
  "POST settle": async ({ context, parts }) => {
    await parts.settle();
    return { now_ms: context.now() };
  },
  "POST keys/*": ({ context, path, body }) => {
    if (path[1] !== "revoke") throw new NotThere("The sandbox has only keys/revoke");
    const { key } = schema.revocation.parse(body);
    if (!context.world.revokedKeys.includes(key)) context.world.revokedKeys.push(key);
    return { revoked: key };
  },
  "POST thin_destinations": ({ context, parts, body }) => {
    const { key, url } = schema.thinDestination.parse(body);
    const id = newId("ed_test");
    const secret = newId("whsec");
    const secrets = [{ value: secret, expiresAtMs: null }];
    const endpoint: Stripe.WebhookEndpoint = {
      ...{ id, object: "webhook_endpoint", api_version: null, application: null, description: null },
      ...{ created: seconds(context.now()), enabled_events: ["*"], livemode: false, metadata: {} },
      ...{ status: "enabled", url },
    };
    parts.accountFor(key).endpoints[id] = { payload: "thin", endpoint, secrets };
    return { id, secret };
  },
  "POST disputes/*/close": async ({ parts, path, body }) => {
    const { outcome, key } = schema.disputeClosing.parse(body);
    const account = parts.accountFor(key);
    const dispute = account.disputes[path[1] ?? ""];
    if (!dispute) throw new NotThere(`No dispute ${path[1]} at ${account.account.id}`);
    await parts.closeDispute(account.account.id, dispute.id, outcome);
    return account.disputes[dispute.id];
  },
  "POST accounts/*/deauthorize": ({ context, path }) => {
    const accountId = path[1] ?? "";
    const platformId = context.world.oauthGrants[accountId];
    if (platformId === undefined) throw new NotThere(`${accountId} is connected to no platform`);
    deauthorize(context, accountId, applicationId(platformId));
    return { deauthorized: accountId };
  },
  "POST accounts/*": ({ context, path, body }) => patchAccount(context, path[1] ?? "", body),
};

function patchAccount(context: SandboxContext, accountId: string, body: unknown): Stripe.Account {
  const account = context.world.accounts[accountId]?.account;
  if (!account) throw new NotThere(`No account ${accountId}`);
  const { requirements, business_name: name, ...flags } = schema.accountPatch.parse(body);
  const previous: Record<string, unknown> = {};
  for (const name of Object.keys(flags) as (keyof typeof flags)[]) previous[name] = account[name];
  Object.assign(account, flags);
  if (name !== undefined && account.business_profile) {
    previous.business_profile = { ...account.business_profile };
    Object.assign(account.business_profile, { name });
  }
  if (requirements && account.requirements) {
    previous.requirements = { ...account.requirements };
    Object.assign(account.requirements, requirements);
  }
  emitEvent(context, accountId, "account.updated", account, previous);
  return account;
}

function listDeliveries(context: SandboxContext): (DeliveryRecord & { accountId: string; type: string })[] {
  return Object.values(context.world.accounts).flatMap((account) =>
    Object.values(account.deliveries).map((delivery) => ({
      ...delivery,
      accountId: account.account.id,
      type: account.events[delivery.eventId]?.type ?? "unknown",
    })),
  );
}

function failure(status: number, message: string): Response {
  return Response.json({ error: { message } }, { status });
}
