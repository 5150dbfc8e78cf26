// An account whose webhooks go nowhere but into a list: what the tests of deliveries begin with.

import type { SandboxContext } from "./context.ts";
import { planDeliveries, runDelivery } from "./deliver-webhooks.ts";
import { emitEvent } from "./emit-event.ts";
import { newId } from "./ids.ts";
import { createScheduler } from "./scheduler.ts";
import type { AccountWorld, EndpointRecord, SandboxOptions } from "./types.ts";
import { newWorld, openAccount } from "./world.ts";

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const ACCOUNT = "acct_alpha";

export type Sent = { url: string; headers: Record<string, string>; body: string; atMs: number };

/** `acct_alpha`, whose webhooks go nowhere but into `sent`; `answer` says what the receiver replies. */
export function setUpDeliveries(answer: (sent: Sent, count: number) => number = () => 200) {
  const world = newWorld();
  const sent: Sent[] = [];
  const startMs = Date.now();
  const options: SandboxOptions = {
    now: () => startMs,
    origin: "https://sandbox.test",
    autoRun: false,
    async send(url, init) {
      sent.push({ url, ...init, atMs: scheduler.now() });
      return { status: answer({ url, ...init, atMs: scheduler.now() }, sent.length) };
    },
  };
  const never = () => Promise.reject(new Error("no such task here"));
  const scheduler = createScheduler({
    world,
    options,
    handlers: {
      deliver: (task) => runDelivery(context, task),
      settle_bank_debit: never,
      expire_session: never,
      settle_refund: never,
      subscription_step: never,
    },
  });
  const context: SandboxContext = {
    world,
    options,
    now: scheduler.now,
    schedule: scheduler.schedule,
    onEvent: (accountId, event) => planDeliveries(context, accountId, event),
    changed: () => {},
  };
  const account = openAccount(world, ACCOUNT, startMs);
  const emit = () => emitEvent(context, ACCOUNT, "account.updated", account.account);
  return { world, sent, startMs, scheduler, context, account, emit };
}

type Setup = ReturnType<typeof setUpDeliveries>;

export function addEndpoint(
  setup: Setup,
  wanted: {
    events?: string[];
    url?: string;
    secrets?: EndpointRecord["secrets"];
    version?: string | null;
  } = {},
): EndpointRecord {
  const record: EndpointRecord = {
    endpoint: {
      id: newId("we"),
      object: "webhook_endpoint",
      api_version: wanted.version ?? null,
      application: null,
      created: 0,
      description: null,
      enabled_events: wanted.events ?? ["*"],
      livemode: false,
      metadata: {},
      status: "enabled",
      url: wanted.url ?? "https://receiver.test/hook",
    },
    secrets: wanted.secrets ?? [{ value: "whsec_one", expiresAtMs: null }],
  };
  setup.account.endpoints[record.endpoint.id] = record;
  return record;
}

/** Puts an endpoint for the events of connected accounts at `acct_platform`. */
export function addPlatform(setup: Setup, url: string): AccountWorld {
  const connect = addEndpoint(setup, { url });
  delete setup.account.endpoints[connect.endpoint.id];
  connect.endpoint.application = "ca_platform";
  const platform = openAccount(setup.world, "acct_platform", setup.startMs);
  platform.endpoints[connect.endpoint.id] = connect;
  return platform;
}
