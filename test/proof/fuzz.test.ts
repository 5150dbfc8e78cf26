// Whatever anybody sends to any route, form or webhook address, the answer is one of ours: no failure, a refusal always
// with its code, and none that is many times what was sent. The same seed sends the same: it stands beside a failure.

import { env, exports } from "cloudflare:workers";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { STRIPE_EVENT_TYPE_NAMES } from "../../src/connections/stripe-event-types.ts";
import { ERROR_STATUS } from "../../src/platform/app-error.ts";
import { makeObjects } from "../access-objects.ts";
import { type Ids, ROUTES } from "../access-table.ts";
import { open, signIn } from "../dashboard/browse.ts";
import { anyJson } from "../harness/any-value.ts";
import { call, type Json } from "../harness/api.ts";
import { deliver as deliverText, signatureFor } from "../harness/stripe-delivery.ts";
import { createWorld, eventually, type TestWorld } from "../harness/world.ts";
import { deliver, outcomeOf } from "../webhooks/deliver.ts";
import { FIXTURES } from "../webhooks/payloads/fixtures.ts";
import { anyRequest, type Credentials, type FuzzRequest } from "./fuzz-requests.ts";

const RUNS = Number(env.PROOF_FUZZ) || 15;
const SEED = Number(env.PROOF_FUZZ_SEED) || 20_261_127;
const LONG = 60 * 60_000;
// A failing one is shown as it is: to look for a shorter one would send thousands more to what it has changed.
const asked = (runs: number) => ({ numRuns: runs, seed: SEED, endOnFailure: true });

let world: TestWorld;
let ids: Ids;
let document: Json;
let credentials: Credentials;

beforeAll(async () => {
  world = await createWorld();
  ids = await makeObjects(world);
  document = (await call("GET", "https://quittance.test/openapi.json")).body;
  const { admin, read } = world.keys;
  credentials = { admin, read, root: env.ROOT_TOKEN, cookie: await signIn(admin) };
});

const shown = ({ method, url, headers, body }: FuzzRequest) =>
  `${method} ${url.slice(0, 300)} ${JSON.stringify(headers).slice(0, 300)} ${String(body).slice(0, 500)}`;

// What a refusal may be long, however short its cause: a hundred places of a body, or a page of the dashboard.
const LEAST_ROOM = 48 * 1024;

async function expectAnswer(asked: FuzzRequest): Promise<void> {
  const { method, url, headers, body } = asked;
  const response = await exports.default.fetch(
    new Request(url, { method, headers, body, redirect: "manual" }),
  );
  const text = await response.text();
  const about = `${response.status} to ${shown(asked)}\n${text.slice(0, 800)}`;
  expect(response.status, about).toBeLessThan(500);
  if (response.status < 400) return;
  const sent = url.length + (body?.length ?? 0);
  expect(text.length, about).toBeLessThanOrEqual(LEAST_ROOM + 4 * sent);
  if (!new URL(url).pathname.startsWith("/api/")) return;
  expect(response.headers.get("content-type"), about).toBe("application/problem+json");
  const { code, status } = JSON.parse(text);
  expect([status, Object.keys(ERROR_STATUS).includes(code)], about).toEqual([response.status, true]);
}

test.each(Object.keys(ROUTES))(
  "%s answers whatever is sent",
  async (route) => {
    const given = { ids, world: world.scope, credentials, document };
    await fc.assert(fc.asyncProperty(anyRequest(route, given), expectAnswer), asked(RUNS));
  },
  LONG,
);

/** Where every value of a JSON value is. */
function pathsOf(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [path];
  return [
    ...(path.length > 0 ? [path] : []),
    ...Object.entries(value).flatMap(([name, child]) => pathsOf(child, [...path, name])),
  ];
}

function replaced(value: unknown, [first, ...rest]: string[], by: unknown): unknown {
  if (first === undefined) return by;
  const copy = Array.isArray(value) ? [...value] : { ...Object(value) };
  copy[first] = replaced(copy[first], rest, by);
  return copy;
}

test(
  "every signed event of a known type with some of its values replaced ends processed or ignored",
  async () => {
    let count = 0;
    const anyChange = fc.record({
      type: fc.constantFrom(...STRIPE_EVENT_TYPE_NAMES),
      isOld: fc.boolean(),
      changes: fc.array(fc.record({ at: fc.nat(), by: anyJson }), { minLength: 1, maxLength: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(anyChange, async ({ type, isOld, changes }) => {
        count += 1;
        const { account: _, ...told } = structuredClone(FIXTURES[type][isOld ? "oldest" : "newest"]);
        const metadata = {
          ...{ invoice_id: ids.invoice, customer_id: ids.customer },
          quittance_tenant_id: world.scope.tenantId,
          quittance_environment_id: world.scope.environmentId,
        };
        const object = { ...(told.data.object as object), id: `fuzz_${count}`, metadata };
        const changed = changes.reduce<unknown>((value, { at, by }) => {
          const paths = pathsOf(value);
          return replaced(value, paths[at % paths.length] ?? [], by);
        }, object);
        const id = `evt_fuzz_${count}`;
        await deliver(world, { ...told, id, data: { object: changed } });
        const row = await outcomeOf(world, id);
        expect(["processed", "ignored"], `${type} ${row?.error}`).toContain(row?.status);
      }),
      asked(RUNS * 30),
    );
  },
  LONG,
);

test(
  "whatever is signed is taken in or refused for its size, and nothing is left that cannot be read",
  async () => {
    const anyEvent = fc.oneof(
      fc.record({
        id: anyJson,
        type: anyJson,
        created: anyJson,
        livemode: anyJson,
        data: anyJson,
        object: anyJson,
      }),
      fc.record({
        id: fc.uuid(),
        type: fc.constant("charge.succeeded"),
        created: anyJson,
        livemode: fc.boolean(),
        account: anyJson,
        context: anyJson,
        data: fc.record({ object: anyJson }),
      }),
      fc.record({
        id: fc.uuid(),
        object: fc.constant("v2.core.event"),
        type: anyJson,
        created: anyJson,
        livemode: fc.boolean(),
        related_object: anyJson,
      }),
      anyJson,
    );
    await fc.assert(
      fc.asyncProperty(anyEvent, async (told) => {
        const body = JSON.stringify(told) ?? "";
        const answer = await deliverText(world, body, await signatureFor(body, world.webhookSecret));
        expect(answer.status, body.slice(0, 500)).toBeLessThan(500);
      }),
      asked(RUNS * 10),
    );
    const present = async () => (await world.api("GET", "/stats")).body.present;
    const { dead_events } = await eventually(present, (seen) => seen.failed_events === 0);
    expect(dead_events).toBe(0);
  },
  LONG,
);

test(
  "and afterwards every list, page, export and statistic is read",
  async () => {
    const reads = Object.entries(ROUTES).filter(
      ([route, { access }]) => route.startsWith("GET ") && access !== "public",
    );
    const statuses = await Promise.all(
      reads.map(async ([route, { access, of }]) => {
        const path = route
          .slice(4)
          .replace(":tenant_id", world.scope.tenantId)
          .replace(":environment_id", world.scope.environmentId)
          .replace(":id", encodeURIComponent(of === undefined ? "" : ids[of]));
        const key = access === "root" ? env.ROOT_TOKEN : world.keys.admin;
        const { status } = path.startsWith("/dashboard")
          ? await open(path, credentials.cookie)
          : await call("GET", path, { key });
        return `${status} ${route}`;
      }),
    );
    expect(statuses.filter((said) => said.startsWith("5"))).toEqual([]);
  },
  LONG,
);
