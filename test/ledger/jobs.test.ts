// Work that gave up or waits is seen, done again and dismissed by API, as it is in the dashboard.

import { expect, test } from "vitest";
import { insertStuckJob } from "../dashboard/rows.ts";
import { failedLink } from "../dashboard/stuck-fixture.ts";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { outboxOf, whileQueueIsDown } from "../harness/outbox.ts";
import { createTenantWorld, createWorld, eventually } from "../harness/world.ts";

const actsOn = (jobId: string) => `/jobs/${encodeURIComponent(jobId)}`;

test("jobs are listed by status, kind and invoice, the last changed first, in pages", async () => {
  const world = await createTenantWorld();
  for (const name of ["one", "two", "three"]) await insertStuckJob(world.scope, { invoiceId: `inv_${name}` });
  await ledgerSql(world.scope)
    .prepare("UPDATE outbox SET status = 'waiting' WHERE json_extract(subject, '$.invoiceId') = 'inv_two'")
    .run();
  const read = async (query: string) => (await world.api("GET", `/jobs${query}`)).body;
  const all = await read("");
  expect(all.data).toHaveLength(3);
  expect(all.data[0]).toMatchObject({
    object: "job",
    attempts: expect.any(Number),
    error: null,
  });
  expect((await read("?status=waiting")).data).toMatchObject([
    { status: "waiting", subject: { invoice_id: "inv_two" } },
  ]);
  expect((await read("?invoice_id=inv_one")).data).toMatchObject([{ subject: { invoice_id: "inv_one" } }]);
  expect((await read("?kind=reconcile")).data).toEqual([]);
  const first = await read("?limit=2");
  const second = await read(`?limit=2&cursor=${first.next_cursor}`);
  expect([...first.data, ...second.data]).toEqual(all.data);
  expect((await world.api("GET", "/jobs?status=done")).status).toBe(422);
});

test("a job that gave up is done again, once; what is on its way is not begun a second time", async () => {
  const world = await createWorld();
  const { invoiceId, jobId } = await failedLink(world);
  const [first, second] = await whileQueueIsDown(async () => [
    await world.api("POST", `${actsOn(jobId)}/retry`),
    await world.api("POST", `${actsOn(jobId)}/retry`),
  ]);
  expect([first?.status, first?.body]).toMatchObject([
    202,
    { id: jobId, status: "wanted", attempts: 0, error: null, subject: { invoice_id: invoiceId } },
  ]);
  expect([second?.status, second?.body.code]).toEqual([409, "conflict"]);
  expect((await world.api("GET", "/jobs")).body.data).toEqual([]);
  expect((await world.api("GET", "/audit_log?action=job.retried")).body.data).toHaveLength(1);
});

test("a job that gave up is dismissed, with why in the audit log; one that waits is not", async () => {
  const world = await createWorld();
  const { jobId } = await failedLink(world);
  const set = (status: string) =>
    ledgerSql(world.scope).prepare("UPDATE outbox SET status = ? WHERE id = ?").bind(status, jobId).run();
  await set("waiting");
  for (const act of ["retry", "dismiss"])
    expect((await world.api("POST", `${actsOn(jobId)}/${act}`)).status).toBe(409);
  await set("dead");
  const done = await world.api("POST", `${actsOn(jobId)}/dismiss`);
  expect([done.status, done.body]).toEqual([200, { id: jobId, object: "job", dismissed: true }]);
  expect(await outboxOf(world.scope)).toEqual([]);
  const { data } = (await world.api("GET", "/audit_log?action=job.dismissed")).body;
  expect(data).toMatchObject([{ actor: { kind: "api_key" }, target: { object: "job", id: jobId } }]);
  expect((await world.api("POST", `${actsOn(jobId)}/dismiss`)).status).toBe(404);
});

test("what a retry wanted is done by the queue", async () => {
  const world = await createWorld();
  const { invoiceId, jobId } = await failedLink(world);
  expect((await world.api("POST", `${actsOn(jobId)}/retry`)).status).toBe(202);
  const read = async () => (await world.api("GET", `/invoices/${invoiceId}`)).body;
  expect(
    (await eventually(read, (seen) => seen.payment_link.status === "active")).payment_link.url,
  ).toContain("http");
});
