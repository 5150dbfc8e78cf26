// Each thing that the doctor looks at, red with its remedy where it is broken. That all is green on a real deployment
// `npm run demo -- --once` sees.

import { afterEach, beforeEach, expect, it } from "vitest";
import { examine, type Patient } from "../../tools/doctor/examine.ts";
import { type Finding, toLines } from "../../tools/doctor/report.ts";
import { type FakeDeployment, startFakeDeployment } from "./deployment.ts";

const ROOT_TOKEN = "root-of-the-doctor";
let deployment: FakeDeployment;

beforeEach(async () => {
  deployment = await startFakeDeployment(ROOT_TOKEN);
});
afterEach(() => deployment.close());

async function findings(change: Partial<Patient> = {}): Promise<Finding[]> {
  const found: Finding[] = [];
  const patient: Patient = {
    ...{ url: deployment.url, rootToken: ROOT_TOKEN, apiKeys: ["qt_admin"], stripeKey: "sk_test_1" },
    ...{ wholeFlow: false, receiver: { url: null, port: 0 }, patienceMs: 60_000, say: () => {} },
    ...change,
  };
  await examine(patient, (finding) => found.push(finding));
  return found;
}

const namesOf = (found: readonly Finding[], state: Finding["state"]) =>
  found.filter((finding) => finding.state === state).map(({ what }) => what);

it("is green where all is well", async () => {
  const found = await findings();
  expect(found.filter(({ state }) => state !== "green")).toEqual([]);
  expect(found.map(({ what }) => what)).toEqual([
    ...["reachable", "ROOT_TOKEN", "ready"],
    ...["settings", "database", "migrations", "queues", "keyring", "dead_letters"],
    ...["connections", "connection Acme", "tenant, environment and API key"],
    ...["notification received", "connection made", "event processed"],
  ]);
});

const notReady = (name: string, detail: string) => ({
  status: 503,
  body: { ready: false, checks: [{ name, ok: false, detail }] },
});
function at(call: RegExp, answer: { status?: number; body?: unknown }): Partial<Patient> {
  deployment.fault = (asked) => (call.test(asked) ? answer : undefined);
  return {};
}
// What never comes is waited for no longer than that.
const SOON = { patienceMs: 300 };
const refused = { status: 422, body: { detail: "Stripe refuses this key." } };

it.each<[string, () => Partial<Patient>, { what: string; detail: RegExp; remedy: RegExp }]>([
  [
    "nobody answers",
    () => ({ url: "http://127.0.0.1:9" }),
    { what: "reachable", detail: /fetch failed/, remedy: /npm run deploy/ },
  ],
  [
    "something else answers",
    () => at(/^GET \/healthz$/, { status: 404, body: {} }),
    { what: "reachable", detail: /404/, remedy: /workers\.dev/ },
  ],
  [
    "the root token is another's",
    () => ({ rootToken: "another" }),
    { what: "ROOT_TOKEN", detail: /not this deployment's/, remedy: /wrangler secret put ROOT_TOKEN/ },
  ],
  [
    "migrations are missing",
    () =>
      at(/^GET \/readyz$/, notReady("migrations", "Not applied: 0006. Run 'wrangler d1 migrations apply'.")),
    { what: "migrations", detail: /^Not applied: 0006\.$/, remedy: /^Run 'wrangler d1 migrations apply'\.$/ },
  ],
  [
    "a secret is missing",
    () => at(/^GET \/readyz$/, notReady("settings", "ROOT_TOKEN is not set. Make one with `openssl rand`.")),
    { what: "settings", detail: /ROOT_TOKEN is not set/, remedy: /openssl/ },
  ],
  [
    "it is not ready",
    () => at(/^GET \/readyz$/, notReady("queues", "Nothing has come. Give it a consumer.")),
    { what: "ready", detail: /for want of queues/, remedy: /red above/ },
  ],
  [
    "an environment has no connection",
    () => at(/^GET \/api\/v1\/connections$/, { body: { data: [] } }),
    { what: "connections", detail: /has none/, remedy: /POST \/connections/ },
  ],
  [
    "a connection fails at Stripe",
    () =>
      at(/\/thing_1\/test$/, {
        body: { ok: false, checks: [{ name: "webhook", ok: false, detail: "Switch the endpoint on." }] },
      }),
    { what: "connection Acme", detail: /fails at webhook/, remedy: /Switch the endpoint on\./ },
  ],
  [
    "no tenant can be made",
    () => at(/^POST \/api\/v1\/tenants$/, { status: 503, body: { detail: "The ledger did not answer." } }),
    { what: "tenant, environment and API key", detail: /did not answer/, remedy: /readyz/ },
  ],
  [
    "notifications are lost",
    () => {
      deployment.notify = () => null;
      return SOON;
    },
    {
      what: "notification received",
      detail: /none within 0\.3 s: the delivery is pending/,
      remedy: /-notifications/,
    },
  ],
  [
    "notifications are changed on their way",
    () => {
      deployment.notify = (body) => `${body} `;
      return {};
    },
    { what: "notification received", detail: /signature is wrong/, remedy: /unchanged/ },
  ],
  [
    "Stripe refuses the key",
    () => at(/^POST \/api\/v1\/connections$/, refused),
    { what: "connection made", detail: /refuses this key/, remedy: /test mode/ },
  ],
  [
    "the door refuses a good signature",
    () => at(/\/webhooks\//, { status: 400, body: {} }),
    { what: "event processed", detail: /answered 400/, remedy: /clock/ },
  ],
  [
    "something asks Stripe for a log-in",
    () => at(/\/webhooks\//, { status: 403, body: {} }),
    { what: "event processed", detail: /answered 403/, remedy: /log-in/ },
  ],
  [
    "nothing takes events from the queue",
    () => {
      deployment.consumes = false;
      return SOON;
    },
    { what: "event processed", detail: /unseen/, remedy: /-stripe-events/ },
  ],
  [
    "an event is given up",
    () => at(/\/webhook_events\//, { body: { status: "dead", error: "It failed." } }),
    { what: "event processed", detail: /ended as dead It failed/, remedy: /log/ },
  ],
])("is red with its remedy where %s", async (_, breakIt, expected) => {
  const found = await findings(breakIt());
  const line = found.find(({ what }) => what === expected.what);
  expect(line).toMatchObject({ state: "red" });
  expect(line?.detail).toMatch(expected.detail);
  expect(line?.remedy).toMatch(expected.remedy);
});

it("says what it could not look at, and how it could", async () => {
  const found = await findings({ apiKeys: [], stripeKey: null });
  expect(namesOf(found, "red")).toEqual([]);
  expect(namesOf(found, "open")).toEqual(["connections", "event processed"]);
  for (const { state, remedy } of found) expect(remedy !== undefined).toBe(state === "open");
});

it("says nothing of a token in clear over the network, and asks nothing", async () => {
  const [only, ...rest] = await findings({ url: "http://billing.example.com" });
  expect(rest).toEqual([]);
  expect(only).toMatchObject({ state: "red", detail: "it is plain http" });
});

it("writes a remedy below its line", () => {
  const finding: Finding = { state: "red", what: "ready", detail: "no", remedy: "Mend it." };
  expect(toLines(finding, false)).toBe("✗ ready: no\n    → Mend it.");
});
