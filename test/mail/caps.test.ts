// Nobody's mailbox is filled from the operator's domain: by invoice, address, environment and day only so many mails
// go. What is asked for beyond that is refused in words; what comes by itself waits, and that is told.

import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ledger } from "../../src/ledger/client.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { nextPulse } from "../harness/pulse.ts";
import { createWorld, eventually, type TestWorld } from "../harness/world.ts";
import { createDestination, createReceiver } from "../notifications/receiver.ts";
import { answerAs, askForMail, createLinkedInvoice, depsWith, RESEND, readMail } from "./mail-fixture.ts";

const SETTINGS = ["EMAIL_PROVIDER", "EMAIL_FROM", "RESEND_API_KEY"] as const;

beforeEach(() => {
  Object.assign(env, {
    EMAIL_PROVIDER: "resend",
    EMAIL_FROM: "Platform <billing@platform.example>",
    RESEND_API_KEY: "re_test_key_1234",
  });
});
afterEach(() => {
  for (const name of SETTINGS) Reflect.deleteProperty(env, name);
});

/** As many as that have gone already. */
async function fill(world: TestWorld, name: string, count: number): Promise<void> {
  await ledgerSql(world.scope)
    .prepare(
      "INSERT INTO mail_counts (name, since_ms, count) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET count = excluded.count",
    )
    .bind(name, Date.now(), count)
    .run();
}

const names = async (world: TestWorld) =>
  (await ledgerSql(world.scope).prepare("SELECT name FROM mail_counts").all<{ name: string }>()).results.map(
    ({ name }) => name,
  );

test("sixty calls by sixty keys send three mails, and the others are told when the next one may go", async () => {
  const world = await createWorld();
  const asked = answerAs("api.resend.com", () => Response.json({ id: "1" }));
  const invoice = await createLinkedInvoice(world, { send_email: false });
  const statuses: number[] = [];
  for (let nth = 0; nth < 60; nth++) {
    const { status, body, headers } = await world.api("POST", `/invoices/${invoice.id}/send`, undefined, {
      "idempotency-key": `key ${nth}`,
    });
    statuses.push(status);
    if (status === 202) continue;
    expect(body).toMatchObject({
      code: "rate_limited",
      detail: expect.stringMatching(
        /^3 mails about this invoice by hand are the most within 10 minutes: the next one can go from 20/,
      ),
    });
    expect(Number(headers.get("retry-after"))).toBeGreaterThan(0);
  }
  expect(statuses.filter((status) => status === 202).length).toBe(3);
  const sent = async () => (await world.api("GET", "/mails?status=sent")).body.data;
  await eventually(sent, (mails) => mails.length === 3);
  expect(asked.length).toBe(3);
});

test.each([
  ["this invoice", (invoiceId: string) => async () => `invoice/${invoiceId}`, 10],
  [
    "this address",
    () => async (world: TestWorld) => (await names(world)).find((name) => name.startsWith("to/")) ?? "",
    20,
  ],
  ["this environment", () => async () => "environment", 500],
])(
  "of %s only so many go within a day: by hand no more are taken, and what comes by itself waits and is told",
  async (_, nameFor, most) => {
    const world = await createWorld();
    const deps = depsWith(RESEND);
    const invoice = await createLinkedInvoice(world, { send_email: false });
    const receiver = createReceiver();
    await createDestination(world, receiver, { event_types: ["mail.delayed"] });
    // The first one is counted under every name.
    const first = await askForMail(deps, world, invoice.id, "first");
    expect(await ledger(deps, world.scope).claimWork({ id: first.id })).not.toBeNull();
    const waiting = await askForMail(deps, world, invoice.id, "second");
    await fill(world, await nameFor(invoice.id)(world), most);

    expect(await ledger(deps, world.scope).claimWork({ id: waiting.id })).toBeNull();
    expect(await readMail(world, waiting.mailId)).toMatchObject({
      status: "pending",
      error: expect.stringMatching(/^It waits: .* within a day/),
    });
    const told = await eventually(
      async () => receiver.received,
      (messages) => messages.length === 1,
    );
    expect(JSON.parse(told[0]?.body ?? "")).toMatchObject({
      type: "mail.delayed",
      data: { object: { object: "mail", id: waiting.mailId } },
    });
    // So is whoever runs the installation.
    expect(Number((await nextPulse(world.scope)).mails_wait_until_ms)).toBeGreaterThan(Date.now());
    await expect(askForMail(deps, world, invoice.id, "third")).rejects.toMatchObject({
      code: "rate_limited",
    });

    const tomorrow = depsWith(RESEND, { now: () => Date.now() + 25 * 60 * 60 * 1000 });
    expect(await ledger(tomorrow, world.scope).claimWork({ id: waiting.id })).toMatchObject({
      kind: "send_mail",
    });
  },
);

test("counts name no address, and are forgotten", async () => {
  const world = await createWorld();
  const deps = depsWith(RESEND);
  const invoice = await createLinkedInvoice(world, { send_email: false });
  const { id } = await askForMail(deps, world, invoice.id, "one");
  await ledger(deps, world.scope).claimWork({ id });
  const counted = await names(world);
  expect(counted.length).toBe(4);
  expect(counted.join()).not.toContain("@");
});
