// The parts that a platform, a browser and Stripe's page play in Stripe Connect.

import { afterEach, expect } from "vitest";
import { open, type Page } from "../dashboard/browse.ts";
import type { Json } from "../harness/api.ts";
import { sandbox } from "../harness/sandbox.ts";
import { createTenantWorld, type TestWorld } from "../harness/world.ts";

type StripeCall = { method: string; path: string; key: string; account: string | null; parameters: string };

/** Every call to Stripe since the file began, oldest first; of a form the parameters as they were sent. */
export const stripeCalls: StripeCall[] = [];

const { fetch } = globalThis;
globalThis.fetch = async (input, init) => {
  const request = new Request(input, init);
  const { origin, pathname, search } = new URL(request.url);
  if (origin === "http://stripe.sandbox") {
    const body = request.method === "POST" ? await new Response(request.clone().body).arrayBuffer() : null;
    stripeCalls.push({
      method: request.method,
      path: pathname,
      key: (request.headers.get("authorization") ?? "").replace("Bearer ", ""),
      account: request.headers.get("stripe-account"),
      parameters: decodeURIComponent(`${search}&${body === null ? "" : new TextDecoder().decode(body)}`),
    });
  }
  return fetch(request);
};

// https://docs.stripe.com/connect/direct-charges#collect-fees
const FEES = /application_fee|transfer_data|on_behalf_of|transfer_group/;

// Quittance takes no fee: whatever these tests do, no request carries one.
afterEach(() => {
  expect(stripeCalls.filter(({ parameters }) => FEES.test(parameters))).toEqual([]);
});

export type UnconnectedWorld = Awaited<ReturnType<typeof createTenantWorld>>;
export type ConnectedWorld = UnconnectedWorld & Pick<TestWorld, "connectionId">;

export const RETURN_URL = "https://shop.example/settings?tab=payments";

/** Begins it by the API; the address at Stripe. */
export async function begin(
  { api }: Pick<TestWorld, "api">,
  fields: Record<string, unknown> = {},
): Promise<string> {
  const begun = await api("POST", "/connections/oauth", { name: "Shop", return_url: RETURN_URL, ...fields });
  expect(begun).toMatchObject({ status: 201, body: { object: "connect_flow" } });
  return begun.body.url;
}

/** What the account's owner does on Stripe's page: the path, with its query, that the browser is sent back to. */
export async function consent(url: string, answer: { account: string } | { deny: string }): Promise<string> {
  const page = new Request(url, { method: "POST", body: new URLSearchParams(answer) });
  const { status, headers } = await sandbox.fetch(page);
  expect(status).toBe(303);
  const back = new URL(headers.get("location") ?? "");
  expect(back.origin + back.pathname).toBe("https://quittance.test/connect/callback");
  return back.pathname + back.search;
}

/** The same address with another query: a name that is undefined goes. */
export function withQuery(path: string, changes: Record<string, string | undefined>): string {
  const url = new URL(path, "https://quittance.test");
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  return url.pathname + url.search;
}

export function visit(path: string, cookie?: string): Promise<Page> {
  return open(path, cookie);
}

/** The id of the connection that a page's address leads back with; null where it leads nowhere. */
export function connectionIn(page: Page): string | null {
  const location = page.headers.get("location");
  return location === null ? null : new URL(location).searchParams.get("connection");
}

/** A tenant whose account was connected by Stripe Connect. */
export async function createConnectedWorld(): Promise<ConnectedWorld> {
  const world = await createTenantWorld();
  const page = await visit(await consent(await begin(world), { account: world.accountId }));
  const connectionId = connectionIn(page);
  if (connectionId === null) throw new Error(`Not connected: ${page.status} ${page.html}`);
  return { ...world, connectionId };
}

export async function connectionsOf({ api }: Pick<TestWorld, "api">): Promise<Json[]> {
  return (await api("GET", "/connections")).body.data;
}

/** Runs it with what Stripe answers to the exchange of a code changed. */
export async function withToken<T>(changes: Record<string, unknown>, run: () => Promise<T>): Promise<T> {
  const { fetch: asBefore } = globalThis;
  globalThis.fetch = async (input, init) => {
    const response = await asBefore(input, init);
    if (new URL(new Request(input).url).pathname !== "/oauth/token") return response;
    const token = (await response.json()) as Record<string, unknown>;
    return Response.json({ ...token, ...changes });
  };
  try {
    return await run();
  } finally {
    globalThis.fetch = asBefore;
  }
}
