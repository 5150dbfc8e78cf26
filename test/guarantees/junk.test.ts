// Junk asks for nothing: what cannot be ours is told by its form, and of what only a look-up could tell an address is
// given some, and then one a second.

import { env } from "cloudflare:workers";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { randomToken } from "../../src/connect/begin-connect.ts";
import { newApiKey } from "../../src/directory/api-key.ts";
import { newPaymentToken } from "../../src/platform/payment-url.ts";
import { receiveEvent } from "../../src/webhooks/receive-event.ts";
import { call } from "../harness/api.ts";
import { countAsked, countAskedByRead } from "../harness/count-asked.ts";
import { guardedDatabase } from "../harness/guarded-database.ts";
import { deliver, signatureFor } from "../harness/stripe-delivery.ts";
import { createWorld, eventually, type TestWorld, testDeps } from "../harness/world.ts";

let world: TestWorld;
beforeAll(async () => {
  world = await createWorld();
  // The first refusal at an address of ours is written, which is done once a minute.
  expect((await deliver(world, EVENT, await forged())).status).toBe(400);
  const open = `SELECT (SELECT COUNT(*) FROM connection_notices WHERE environment_id = c.environment_id) AS untold
    FROM connections AS c WHERE id = ? AND refused_since_ms IS NOT NULL`;
  await eventually(
    () => env.DB.prepare(open).bind(world.connectionId).first<{ untold: number }>(),
    (row) => row?.untold === 0,
  );
  // So is the first at the door of connected accounts.
  expect((await webhook(`${DOOR}/connect`, null, "192.0.2.1")).status).toBe(400);
  await eventually(
    () => env.DB.prepare("SELECT SUM(count) AS n FROM connect_counts").first<{ n: number | null }>(),
    (row) => row?.n === 1,
  );
});
afterEach(() => {
  vi.useRealTimers();
});

const EVENT = JSON.stringify({ id: "evt_junk", object: "event", type: "charge.succeeded", livemode: false });
const FORM = { "content-type": "application/x-www-form-urlencoded" };
const DOOR = "/api/v1/webhooks/stripe";

/** One piece of it; no two are the same. @param from the address that it comes from */
type Junk = (from: string, piece: number) => Promise<{ status: number }>;

const byKey = (key: string): Junk => {
  return (from) => call("GET", "/customers", { key, headers: { "cf-connecting-ip": from } });
};
const webhook = (path: string, signature: string | null, from: string) =>
  call("POST", path, {
    raw: EVENT,
    headers: { "cf-connecting-ip": from, ...(signature !== null && { "stripe-signature": signature }) },
  });
const signIn = (key: string, from: string) =>
  call("POST", "https://quittance.test/dashboard/sign-in", {
    raw: new URLSearchParams({ key }).toString(),
    headers: { ...FORM, origin: "https://quittance.test", "cf-connecting-ip": from },
  });
const page = (path: string, from: string, cookie?: string) =>
  call("GET", `https://quittance.test${path}`, {
    headers: { "cf-connecting-ip": from, ...(cookie && { cookie }) },
  });
const send = (path: string, from: string) =>
  call("POST", `https://quittance.test${path}`, {
    raw: "",
    headers: { ...FORM, origin: "https://quittance.test", "cf-connecting-ip": from },
  });
const now = () => Math.floor(Date.now() / 1000);
const forged = () => signatureFor(EVENT, "whsec_somebody_elses");
const ours = () => `${DOOR}/${world.scope.tenantId}/${world.scope.environmentId}`;

const BY_FORM: Record<string, Junk> = {
  "a webhook without a signature": (from) => webhook(ours(), null, from),
  "a signature header of 10 kB": (from) => webhook(ours(), `t=${now()},v1=${"0".repeat(10_000)}`, from),
  "a signature that is none": (from) => webhook(ours(), `t=${now()},v1=nonsense`, from),
  "a stale signature": async (from) =>
    webhook(ours(), await signatureFor(EVENT, world.webhookSecret, now() - 301), from),
  "a webhook to what is no id": async (from, piece) =>
    webhook(`${DOOR}/tenant%20${piece}/${"e".repeat(200)}`, await forged(), from),
  "an API key of another form": byKey("qt_short"),
  "a Stripe key": byKey("sk_test_0123456789"),
  "another root token": byKey("0123456789abcdef".repeat(4)),
  "a payment URL of another form": (from, piece) => page(`/pay/${piece}`, from),
  "a key to sign in with of another form": (from) => signIn("qt_short", from),
  "a session of nobody's signing": (from, piece) =>
    page("/dashboard/invoices", from, `__Host-quittance_session=${btoa(`{"keyId":"${piece}"}`)}.AAAA`),
  "a mail report of nobody's signing": (from) =>
    call("POST", "/webhooks/mail/resend", { raw: "{}", headers: { "cf-connecting-ip": from } }),
  "a link into the dashboard of another form": (from, piece) =>
    send(`/dashboard/open/qt_link_${piece}`, from),
  "a state of Stripe Connect of another form": (from, piece) =>
    page(`/connect/callback?code=ac_1&state=${piece}`, from),
  "a return from Stripe Connect without a state": (from) => page("/connect/callback?code=ac_1", from),
  "an event of a connected account without a signature": (from) => webhook(`${DOOR}/connect`, null, from),
  "a route that is not there": (from, piece) => page(`/api/v1/${piece}`, from),
};

test.each(Object.entries(BY_FORM))("%s asks neither the directory nor a ledger", async (_, junk) => {
  const statuses: number[] = [];
  const nothing = { directory: 0, ledgers: 0 };
  const asked = await countAskedByRead(async () => {
    for (let piece = 1; piece <= 50; piece++) statuses.push((await junk("192.0.2.1", piece)).status);
  }, nothing);
  // Who is not signed in is led to the form.
  expect(statuses.every((status) => status < 500)).toBe(true);
  expect(asked).toEqual(nothing);
});

const UNKNOWN: Record<string, Junk> = {
  "webhooks to paths that are nobody's": async (from, piece) =>
    webhook(`${DOOR}/tenant_${piece}/env_${crypto.randomUUID()}`, await forged(), from),
  "webhooks to one path that is nobody's": async (from) => webhook(`${DOOR}/none/none`, await forged(), from),
  "webhooks with a bad signature": async (from) => webhook(ours(), await forged(), from),
  "API keys that nobody has": (from, piece) => byKey(newApiKey())(from, piece),
  "payment URLs that nobody has": (from) => page(`/pay/${newPaymentToken("env_none", Date.now())}`, from),
  "links into the dashboard that nobody has": (from) =>
    send(`/dashboard/open/qt_link_${newApiKey().slice(3)}`, from),
  "states of Stripe Connect that nobody has": (from) =>
    page(`/connect/callback?code=ac_1&state=${randomToken()}`, from),
  "events of connected accounts with a bad signature": async (from) =>
    webhook(`${DOOR}/connect`, await forged(), from),
  "keys that nobody has, to sign in with": (from) => signIn(newApiKey(), from),
};
/** What an address may try before it is over its limit, and the one that is too much. */
const ALLOWED = 21;

test.each(Object.entries(UNKNOWN).map(([kind, junk], site) => ({ kind, junk, site })))(
  "$kind are looked up a few times, and then once a second",
  async ({ junk, site }) => {
    const startMs = Date.now();
    vi.useFakeTimers({ toFake: ["Date"], now: startMs });
    /** Each piece from another address of the same site. */
    const sendSome = async (pieces: number) => {
      const { directory, ledgers } = await countAsked(async () => {
        for (let piece = 1; piece <= pieces; piece++) await junk(`2001:db8:7:${site}::${piece}`, piece);
      });
      return directory + ledgers;
    };
    expect(await sendSome(100)).toBeLessThanOrEqual(ALLOWED + 1);
    for (const second of [1, 2, 3]) {
      vi.setSystemTime(startMs + second * 1_000);
      expect(await sendSome(50)).toBeLessThanOrEqual(1);
    }
  },
);

test("a thousand paths that are nobody's, from as many addresses, crowd out no connection", async () => {
  for (let piece = 0; piece < 1_100; piece++) {
    const from = `198.51.${Math.floor(piece / 250)}.${piece % 250}`;
    await webhook(`${DOOR}/tenant_${piece}/env_${piece}`, await forged(), from);
  }
  const refusing = async () => {
    throw new Error("The directory was asked.");
  };
  const cold = { DB: guardedDatabase(refusing) };
  const good = await signatureFor(EVENT, world.webhookSecret);
  await receiveEvent(testDeps({}, cold), world.scope, EVENT, good);
});
