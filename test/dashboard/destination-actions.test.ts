// Event destinations are made, tested, switched, rotated and deleted by form; a secret is shown by one answer.

import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { VERIFY_SNIPPETS } from "../../src/notifications/verify-snippets.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { createTenantWorld } from "../harness/world.ts";
import {
  createClockwork,
  createDestination,
  createReceiver,
  invoicePaid,
  type Received,
  verify,
} from "../notifications/receiver.ts";
import { HOSTILE, hiddenOf } from "./action-fixture.ts";
import { linksOf, open, send, signIn, textOf } from "./browse.ts";

const LIST = "/dashboard/event-destinations";
const NEW = `${LIST}/new`;

async function world() {
  const made = await createTenantWorld();
  const receiver = createReceiver();
  const destination = await createDestination(made, receiver);
  const cookie = await signIn(made.keys.admin);
  return { ...made, receiver, destination, cookie, page: `${LIST}/${destination.id}` };
}

const secretsIn = (html: string) => new Set(html.match(/whsec_[A-Za-z0-9+/]{43}=/g) ?? []);
const auditOf = async ({ api }: Awaited<ReturnType<typeof createTenantWorld>>, action: string) =>
  (await api("GET", `/audit_log?action=event_destination.${action}`)).body.data;

test("a form makes one destination, however often it is sent; its secret signs, and is on no other page", async () => {
  const made = await createTenantWorld();
  const cookie = await signIn(made.keys.admin);
  expect(linksOf((await open(LIST, cookie)).html)).toContain(NEW);
  const form = await open(NEW, cookie);
  const receiver = createReceiver();
  const fields = {
    ...hiddenOf(form.html),
    url: receiver.url,
    description: HOSTILE,
    event_types: "invoice.paid",
    confirm: "yes",
  };
  const answers = await Promise.all([1, 2].map(() => send(NEW, fields, { cookie })));
  const later = await send(NEW, fields, { cookie });
  const shown = [...answers, later].filter(({ status }) => status === 200);
  expect(later.status).toBe(200);
  expect(later.headers.get("cache-control")).toBe("no-store");
  expect(later.headers.get("location")).toBeNull();
  const [secret = "", ...others] = shown.flatMap(({ html }) => [...secretsIn(html)]);
  expect(secret).not.toBe("");
  for (const other of others) expect(other).toBe(secret);
  for (const { language } of VERIFY_SNIPPETS) expect(later.html).toContain(`${language}</summary>`);

  const [destination, ...more] = (await made.api("GET", "/event_destinations")).body.data;
  expect(more).toEqual([]);
  expect(destination).toMatchObject({ event_types: ["invoice.paid"], description: HOSTILE });
  expect(await auditOf(made, "created")).toMatchObject([{ actor: { kind: "dashboard" } }]);
  const clock = createClockwork();
  await clock.announce(made.scope, invoicePaid("inv_1"));
  await clock.run(1);
  expect(verify(secret, receiver.received[0] as Received)).toMatchObject({ type: "invoice.paid" });
  for (const path of [LIST, `${LIST}/${destination.id}`, `${LIST}/${destination.id}/rotate-secret`]) {
    const { html } = await open(path, cookie);
    expect([path, secretsIn(html).size, /<script>alert|<img/.test(html)]).toEqual([path, 0, false]);
  }
  expect((await open(`${LIST}/${destination.id}`, cookie)).html).toContain("Python</summary>");
});

test("what the API refuses is refused beside the form, which keeps what was typed", async () => {
  const made = await createTenantWorld();
  const cookie = await signIn(made.keys.admin);
  const { token = "" } = hiddenOf((await open(NEW, cookie)).html);
  for (const [url, type, words] of [
    ["http://example.com/in", "invoice.paid", /https/],
    ["https://127.0.0.1/in", "invoice.paid", /public/],
    ["", "invoice.paid", /Give the URL/],
    ["https://example.com/in", "invoice.eaten", /no event type/],
  ] as const) {
    const fields = { token, url, event_types: type, description: HOSTILE, confirm: "yes" };
    const refused = await send(NEW, fields, { cookie });
    expect([url, refused.status]).toEqual([url, 422]);
    expect(textOf(refused.html)).toMatch(words);
    expect(refused.html).toContain(`value="${url}"`);
    expect(refused.html).not.toMatch(/<script>alert|<img/);
  }
  expect((await made.api("GET", "/event_destinations")).body.data).toEqual([]);
});

test("a rotation shows the new secret, twice the same for a form sent twice, and both sign during the overlap", async () => {
  const { api, scope, receiver, destination, cookie, page } = await world();
  const path = `${page}/rotate-secret`;
  const fields = { ...hiddenOf((await open(path, cookie)).html), overlap_seconds: "86400" };
  expect(secretsIn((await send(path, fields, { cookie })).html).size).toBe(0);
  const answers = await Promise.all([1, 2].map(() => send(path, { ...fields, confirm: "yes" }, { cookie })));
  const later = await send(path, { ...fields, confirm: "yes" }, { cookie });
  const [secret = ""] = secretsIn(later.html);
  for (const { language } of VERIFY_SNIPPETS) expect(later.html).toContain(`${language}</summary>`);
  expect([later.status, later.headers.get("cache-control")]).toEqual([200, "no-store"]);
  expect(secret).not.toBe("");
  expect(secret).not.toBe(destination.secret);
  for (const { status, html } of answers) {
    if (status === 200) expect([...secretsIn(html)]).toEqual([secret]);
  }
  expect((await api("GET", "/audit_log?action=event_destination.secret_rotated")).body.data).toMatchObject([
    { detail: { overlap_seconds: 86_400 } },
  ]);
  const clock = createClockwork();
  await clock.announce(scope, invoicePaid("inv_1"));
  await clock.run(1);
  const [message] = receiver.received as [Received];
  expect(message.signature.split(" ")).toHaveLength(2);
  verify(secret, message);
});

test("a form that another rotation has overtaken rotates nothing and shows no secret, with no overlap either", async () => {
  const { api, destination, cookie, page } = await world();
  const path = `${page}/rotate-secret`;
  const fields = { ...hiddenOf((await open(path, cookie)).html), overlap_seconds: "0", confirm: "yes" };
  await api("POST", `/event_destinations/${destination.id}/rotate_secret`, { overlap_seconds: 0 });
  const refused = await send(path, fields, { cookie });
  expect([refused.status, secretsIn(refused.html).size]).toEqual([409, 0]);
  expect(textOf(refused.html)).toContain("just rotated by another call");
  const audit = await api("GET", "/audit_log?action=event_destination.secret_rotated");
  expect(audit.body.data).toHaveLength(1);
});

test("the test button sends the chosen example once for a form, and leads to a page that shows what came back, as text", async () => {
  const { receiver, destination, cookie, page } = await world();
  const tokenOf = async () => hiddenOf((await open(page, cookie)).html);
  const leadsTo = async (fields: Record<string, string>) => {
    const sent = await send(`${page}/test`, fields, { cookie });
    expect(sent.status).toBe(303);
    return sent.headers.get("location") ?? "";
  };
  receiver.answer = async () => new Response(HOSTILE, { status: 500 });
  const fields = { ...(await tokenOf()), type: "customer.deleted" };
  const place = await leadsTo(fields);
  expect(await leadsTo(fields)).toBe(place);
  expect(receiver.received).toHaveLength(1);
  for (const _ of [1, 2]) {
    const failed = await open(place, cookie);
    expect([failed.status, /<script>alert|<img/.test(failed.html)]).toEqual([200, false]);
    expect(textOf(failed.html)).toMatch(/500 .*customer\.deleted: it was not taken.*&lt;script&gt;/);
  }
  receiver.answer = async () => new Response("thanks");
  const taken = await leadsTo({ ...(await tokenOf()) });
  expect(textOf((await open(taken, cookie)).html)).toContain("invoice.paid: it was taken");
  const [message] = receiver.received as [Received];
  expect(verify(destination.secret, message)).toMatchObject({
    data: { object: { object: "customer", deleted: true } },
  });
  expect((await send(`${page}/test`, { type: "invoice.eaten" }, { cookie })).status).toBe(422);
  expect(receiver.received).toHaveLength(2);
});

test("what came of an example is of its environment alone, and a name that is none shows nothing", async () => {
  const [mine, other] = [await world(), await world()];
  const fields = hiddenOf((await open(mine.page, mine.cookie)).html);
  const place =
    (await send(`${mine.page}/test`, fields, { cookie: mine.cookie })).headers.get("location") ?? "";
  const { search } = new URL(place, "https://quittance.test");
  expect(textOf((await open(place, mine.cookie)).html)).toContain("The test");
  for (const query of [search, `?test=${"0".repeat(32)}`, "?test=%3Cscript%3E"]) {
    const page = await open(`${other.page}${query}`, other.cookie);
    expect([page.status, textOf(page.html).includes("The test")]).toEqual([200, false]);
  }
});

test("its address, types and description are edited, once; a wrong one is refused at its field", async () => {
  const made = await world();
  const { api, destination, cookie, page } = made;
  const path = `${page}/edit`;
  const present = async () => (await api("GET", `/event_destinations/${destination.id}`)).body;
  const form = await open(path, cookie);
  expect(form.html).toContain(`value="${made.receiver.url}"`);
  expect(form.html).not.toMatch(/whsec_/);
  const moved = createReceiver();
  const fields = {
    ...hiddenOf(form.html),
    confirm: "yes",
    url: moved.url,
    description: HOSTILE,
    event_types: "invoice.paid",
  };
  const wrong = await send(path, { ...fields, url: "http://10.0.0.1/" }, { cookie });
  expect([wrong.status, wrong.html.includes('id="url-error"')]).toEqual([422, true]);
  expect((await present()).url).toBe(made.receiver.url);
  for (const _ of [1, 2]) {
    const saved = await send(path, fields, { cookie });
    expect(saved.headers.get("location")).toBe(`${page}?done=destination_changed`);
  }
  expect(await present()).toMatchObject({
    url: moved.url,
    description: HOSTILE,
    event_types: ["invoice.paid"],
  });
  expect(await auditOf(made, "changed")).toHaveLength(1);
  expect((await open(page, cookie)).html).not.toContain("<script>alert");
});

test("a second destination with the same address is made only by who says that it is meant", async () => {
  const { api, receiver, cookie } = await world();
  const count = async () => (await api("GET", "/event_destinations")).body.data.length;
  const fields = { ...hiddenOf((await open(NEW, cookie)).html), url: receiver.url, confirm: "yes" };
  const warned = await send(NEW, fields, { cookie });
  expect([warned.status, await count()]).toEqual([409, 1]);
  expect(textOf(warned.html)).toContain("Another destination has this URL");
  expect((await send(NEW, { ...fields, twice: "on" }, { cookie })).status).toBe(200);
  expect(await count()).toBe(2);
});

test("the list, the page and the API say how much was taken, and when what failed is tried next", async () => {
  const { api, scope, receiver, destination, cookie, page, keys } = await world();
  expect(textOf((await open(LIST, cookie)).html)).toContain("Nothing sent yet");
  const clock = createClockwork();
  await clock.announce(scope, invoicePaid("inv_1"));
  await clock.drain();
  await clock.announce(scope, invoicePaid("inv_2"));
  receiver.answer = async () => new Response("no", { status: 500 });
  await clock.drain();
  await ledgerSql(scope)
    .prepare("UPDATE deliveries SET status = 'failed' WHERE destination_id = ? AND status = 'pending'")
    .bind(destination.id)
    .run();
  await clock.announce(scope, invoicePaid("inv_3"));
  await clock.drain();
  const reader = await signIn(keys.read);
  expect(textOf((await open(LIST, reader)).html)).toMatch(/33\.3% +of 3 deliveries in 24 hours/);
  for (const time of ["24 hours", "7 days"])
    expect(textOf((await open(page, reader)).html)).toContain(
      `Last ${time} 33.3% of 3 delivered, 1 retrying, 1 dead`,
    );
  expect((await api("GET", `/event_destinations/${destination.id}`)).body.deliveries).toMatchObject({
    last_24_hours: { succeeded: 1, failed: 1, retrying: 1, pending: 0, success_rate: 33.3 },
  });
  // The third is tried again.
  const shown = (await open(page, reader)).html;
  expect(shown).toMatch(/<dt[^>]*>Next try<\/dt>\s*<dd[^>]*>\s*<time/);
  const text = textOf((await open(page, cookie)).html);
  expect(text).toMatch(/Retrying .*Next try/);
});

test("it is switched off, on, and deleted after a confirmation, each once for a form sent twice", async () => {
  const made = await world();
  const { api, destination, cookie, page } = made;
  const present = async () => (await api("GET", `/event_destinations/${destination.id}`)).body;
  for (const [act, done, is_active] of [
    ["switch-off", "destination_off", false],
    ["switch-on", "destination_on", true],
  ] as const) {
    expect(linksOf((await open(page, cookie)).html)).toContain(`${page}/${act}`);
    const fields = hiddenOf((await open(`${page}/${act}`, cookie)).html);
    expect((await send(`${page}/${act}`, fields, { cookie })).status).toBe(200);
    expect((await present()).is_active).toBe(!is_active);
    for (const _ of [1, 2]) {
      const answer = await send(`${page}/${act}`, { ...fields, confirm: "yes" }, { cookie });
      expect(answer.headers.get("location")).toBe(`${page}?done=${done}`);
    }
    expect((await present()).is_active).toBe(is_active);
  }
  expect(await auditOf(made, "changed")).toHaveLength(2);

  const fields = { ...hiddenOf((await open(`${page}/delete`, cookie)).html), confirm: "yes" };
  for (const _ of [1, 2]) {
    const gone = await send(`${page}/delete`, fields, { cookie });
    expect(gone.headers.get("location")).toBe(`${LIST}?done=destination_deleted`);
  }
  expect((await present()).status).toBe(404);
  const left = await env.DB.prepare("SELECT COUNT(*) AS n FROM secrets WHERE owner_id = ?")
    .bind(destination.id)
    .first<{ n: number }>();
  expect(left?.n).toBe(0);
});

test("role write is offered none of it, and its forms, and those of other sites, change nothing", async () => {
  const made = await world();
  const { receiver, keys, cookie, page, api } = made;
  const writer = await signIn(keys.write);
  const offered = linksOf((await open(page, writer)).html).filter((link) => link.startsWith(`${page}/`));
  expect(offered).toEqual([]);
  expect((await open(page, writer)).html).not.toContain(`${page}/test`);
  expect(linksOf((await open(LIST, writer)).html)).not.toContain(NEW);
  const fields = {
    token: crypto.randomUUID(),
    confirm: "yes",
    version: "1",
    url: "https://203.0.113.9/in",
    type: "invoice.paid",
  };
  const paths = ["test", "rotate-secret", "switch-off", "switch-on", "delete"].map((act) => `${page}/${act}`);
  for (const path of [NEW, ...paths]) {
    expect([path, (await send(path, fields, { cookie: writer })).status]).toEqual([path, 403]);
    const forged = await send(path, fields, { cookie, from: "https://evil.example" });
    expect([path, forged.status]).toEqual([path, 403]);
  }
  const list = (await api("GET", "/event_destinations")).body.data;
  expect(list).toMatchObject([{ is_active: true }]);
  expect(receiver.received).toHaveLength(0);
  const audit = (await api("GET", "/audit_log?limit=100")).body.data.map(
    ({ action }: { action: string }) => action,
  );
  expect(audit.filter((action: string) => action.startsWith("event_destination."))).toEqual([
    "event_destination.created",
  ]);
});
