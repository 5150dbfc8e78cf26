import { expect, test } from "vitest";
import { ledgerSql } from "../harness/ledger-sql.ts";
import { outboxOf, whileQueueIsDown } from "../harness/outbox.ts";
import { createWorld, eventually } from "../harness/world.ts";
import { hiddenOf, invoiceOf } from "./action-fixture.ts";
import { linksOf, open, send, signIn, textOf } from "./browse.ts";
import { insertStuckJob } from "./rows.ts";
import { failedLink, payableWorld, retryPath } from "./stuck-fixture.ts";

const PAGE = "/dashboard/stuck-jobs";

test("a job that gave up says what it was for, what is so until then, and why; pressed twice it is done once", async () => {
  const world = await createWorld();
  const { invoiceId, jobId } = await failedLink(world);
  const cookie = await signIn(world.keys.write);
  const page = await open(PAGE, cookie);
  expect(textOf(page.html)).toMatch(
    /Make the payment link INV-\S+ .*Dead .*cannot be paid by link\. .*Stripe did not answer\./,
  );
  const fields = hiddenOf(page.html);
  const first = await send(retryPath(jobId), fields, { cookie });
  expect([first.status, first.headers.get("location")]).toEqual([303, `${PAGE}?done=job_retried`]);
  // While it is under way, and once it is gone.
  const second = await send(retryPath(jobId), fields, { cookie });
  expect(second.headers.get("location")).toBe(`${PAGE}?done=job_moved_on`);
  await eventually(
    () => invoiceOf(world, invoiceId),
    (seen) => seen.payment_link.status === "active",
  );
  const third = await send(retryPath(jobId), fields, { cookie });
  expect(third.headers.get("location")).toBe(`${PAGE}?done=job_moved_on`);
  expect(textOf((await open(`${PAGE}?done=job_moved_on`, cookie)).html)).toContain("not stuck any more");
  const audit = (await world.api("GET", "/audit_log?action=job.retried")).body.data;
  expect(audit).toMatchObject([{ actor: { kind: "dashboard" } }]);
});

test("one that cannot be done again says so on the page it was asked on, and waiting ones have no button", async () => {
  const world = await createWorld();
  const { invoiceId, jobId } = await failedLink(world);
  const cookie = await signIn(world.keys.write);
  await ledgerSql(world.scope).prepare("UPDATE outbox SET status = 'waiting' WHERE id = ?").bind(jobId).run();
  const page = await open(PAGE, cookie);
  expect(textOf(page.html)).toContain("It waits for the Stripe connection to work again");
  expect(page.html).not.toContain(`/retry"`);
  const refused = await send(retryPath(jobId), {}, { cookie });
  expect([refused.status, refused.html.includes(`<h1>Jobs</h1>`)]).toEqual([409, true]);
  const there = await send(retryPath(jobId), { invoice: invoiceId }, { cookie });
  expect(there.status).toBe(409);
  expect(textOf(there.html)).toMatch(/INV-.*goes on by itself once that works/);
});

test("a key of role read sees the jobs and is offered nothing; its form, and one from elsewhere, are refused", async () => {
  const world = await createWorld();
  const { invoiceId, jobId } = await failedLink(world);
  const reader = await signIn(world.keys.read);
  for (const path of [PAGE, `/dashboard/invoices/${invoiceId}`]) {
    const { html } = await open(path, reader);
    expect(textOf(html)).toContain("Make the payment link");
    expect(html).not.toMatch(/<form[^>]*method="post"(?![^>]*sign-out)/);
  }
  const token = crypto.randomUUID();
  expect((await send(retryPath(jobId), { token }, { cookie: reader })).status).toBe(403);
  const cookie = await signIn(world.keys.admin);
  const forged = await send(retryPath(jobId), { token }, { cookie, from: "https://evil.example" });
  expect(forged.status).toBe(403);
  expect(await outboxOf(world.scope)).toMatchObject([{ status: "dead" }]);
});

test("a link that could not be switched off warns on the overview and its invoice until Stripe confirms", async () => {
  const world = await payableWorld();
  const cookie = await signIn(world.keys.write);
  const warning = "Money could still come by";
  for (const path of ["/dashboard", world.page]) {
    const { html } = await open(path, cookie);
    expect([path, textOf(html).includes(warning)]).toEqual([path, true]);
  }
  expect(linksOf((await open("/dashboard", cookie)).html)).toContain("/dashboard/stuck-jobs");
  const { html } = await open(world.page, cookie);
  expect(textOf(html)).toContain("Not switched off It must not be paid any more, and may be.");
  expect(textOf(html)).not.toContain("It takes no payment.");

  const form = /<form method="post" action="[^"]*stuck-jobs.*?<\/form>/s.exec(html)?.[0] ?? "";
  const done = await send(retryPath(world.jobId), hiddenOf(form), { cookie });
  expect(done.headers.get("location")).toBe(`${world.page}?done=job_retried`);
  await eventually(
    () => invoiceOf(world, world.invoiceId),
    (seen) => seen.payment_link.deactivation === "done",
  );
  for (const path of ["/dashboard", world.page]) {
    expect(textOf((await open(path, cookie)).html)).not.toContain(warning);
  }
});

test("a switching-off that waits for the connection is warned of as well", async () => {
  const world = await payableWorld();
  await ledgerSql(world.scope)
    .prepare("UPDATE outbox SET status = 'waiting' WHERE id = ?")
    .bind(world.jobId)
    .run();
  await ledgerSql(world.scope)
    .prepare("UPDATE payment_links SET deactivation = 'pending' WHERE invoice_id = ?")
    .bind(world.invoiceId)
    .run();
  const cookie = await signIn(world.keys.read);
  for (const path of ["/dashboard", world.page]) {
    expect(textOf((await open(path, cookie)).html)).toContain("Money could still come by");
  }
});

test("all that gave up are counted by what they are for, and done again at once after a confirmation", async () => {
  const world = await createWorld();
  const [one, two] = [await failedLink(world), await failedLink(world)];
  const cookie = await signIn(world.keys.write);
  expect(linksOf((await open(PAGE, cookie)).html)).toContain(`${PAGE}/retry`);
  const confirm = await open(`${PAGE}/retry`, cookie);
  expect(textOf(confirm.html)).toMatch(/Make the payment link: 2 .*Retry 2 jobs/);
  const unconfirmed = await send(`${PAGE}/retry`, hiddenOf(confirm.html), { cookie });
  expect(textOf(unconfirmed.html)).toContain("Retry 2 jobs");
  const fields = { ...hiddenOf(confirm.html), confirm: "yes" };
  await whileQueueIsDown(() => send(`${PAGE}/retry`, fields, { cookie }));
  expect((await outboxOf(world.scope)).map(({ status }) => status)).toEqual(["wanted", "wanted"]);
  expect((await outboxOf(world.scope)).map(({ id }) => id).sort()).toEqual([one.jobId, two.jobId].sort());
  expect((await send(`${PAGE}/retry`, fields, { cookie })).status).toBe(303);
  expect((await world.api("GET", "/audit_log?action=job.retried")).body.data).toHaveLength(2);
});

test("stuck jobs are walked page by page, each once, with their filter kept", async () => {
  const world = await createWorld();
  for (let index = 0; index < 53; index++) await insertStuckJob(world.scope, { invoiceId: `inv_${index}` });
  const cookie = await signIn(world.keys.read);
  const first = await open(`${PAGE}?status=dead`, cookie);
  const older =
    /<a\b[^>]*href="([^"]*)"[^>]*rel="next"/.exec(first.html)?.[1]?.replaceAll("&amp;", "&") ?? "";
  expect(older).toContain("status=dead");
  const invoices = [first, await open(older, cookie)].flatMap(({ html }) =>
    linksOf(html).filter((link) => link.startsWith("/dashboard/invoices/")),
  );
  expect([invoices.length, new Set(invoices).size]).toEqual([53, 53]);
  expect(textOf((await open(`${PAGE}?status=waiting`, cookie)).html)).toContain("No job fits.");
});
