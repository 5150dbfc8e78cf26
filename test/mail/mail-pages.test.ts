import { expect, test } from "vitest";
import { linksOf, open, signIn, textOf } from "../dashboard/browse.ts";
import { forgetAll } from "../harness/forget.ts";
import { tryWork } from "../harness/outbox.ts";
import { createWorld } from "../harness/world.ts";
import { askForMail, createLinkedInvoice, DEVELOPMENT, depsWith, readMail } from "./mail-fixture.ts";

/** A world with one mail, kept as development keeps it. */
async function createMail() {
  const world = await createWorld();
  const evil = { description: "</textarea><script>alert(1)</script>", quantity: 1, unit_amount: 500 };
  const invoice = await createLinkedInvoice(world, { number: "Zürich-1", lines: [evil] });
  const deps = depsWith(DEVELOPMENT);
  const job = await askForMail(deps, world, invoice.id, "k1");
  await tryWork(world.scope, job.id, deps);
  return { world, invoice, mailId: job.mailId, cookie: await signIn(world.keys.read) };
}

const pathOf = (mailId: string) => `/dashboard/mails/${encodeURIComponent(mailId)}`;

test("the dashboard lists the mails and shows both parts of one", async () => {
  const { invoice, mailId, cookie } = await createMail();
  const list = await open("/dashboard/mails", cookie);
  expect(list.status).toBe(200);
  expect(textOf(list.html)).toMatch(/Invoice Zürich-1 from Acme: €5\.00 Kept here ada@example\.com/);
  expect(linksOf(list.html)).toContain(pathOf(mailId));
  expect(linksOf((await open(`/dashboard/invoices/${invoice.id}`, cookie)).html)).toContain(pathOf(mailId));

  const page = await open(pathOf(mailId), cookie);
  expect(page.status).toBe(200);
  expect(page.html).toContain(`src="${pathOf(mailId)}/content"`);
  expect(page.html).toMatch(/<iframe[^>]* sandbox="allow-popups allow-popups-to-escape-sandbox"/);
  expect(page.html).toContain(invoice.payment_url);
  expect(page.html).not.toContain("<script>alert");
});

test("the HTML part runs nothing, loads nothing, and is framed by the dashboard alone", async () => {
  const { mailId, cookie } = await createMail();
  const content = await open(`${pathOf(mailId)}/content`, cookie);
  expect(content.status).toBe(200);
  expect(content.html).toContain("&lt;script&gt;alert(1)");
  expect(content.html).not.toContain("<script");
  expect(content.html).toContain('<base target="_blank">');
  const policy = content.headers.get("content-security-policy") ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'self'");
  expect(policy).toMatch(/sandbox(?!.*allow-(?:scripts|same-origin))/);
  expect(policy).not.toContain("script-src");
  expect(content.headers.get("cache-control")).toBe("no-store");
  // The pages themselves may frame us and nobody may frame them.
  const page = (await open(pathOf(mailId), cookie)).headers.get("content-security-policy") ?? "";
  expect(page).toContain("frame-src 'self'");
  expect(page).toContain("frame-ancestors 'none'");
});

test("a mail can be had as a file that holds both parts as they were sent", async () => {
  const { world, mailId, cookie } = await createMail();
  const file = await open(`${pathOf(mailId)}/file`, cookie);
  expect(file.headers.get("content-type")).toContain("message/rfc822");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what a mail's lines may hold.
  expect(file.html).toMatch(/^[\x09\x0a\x0d\x20-\x7e]*$/);
  for (const line of file.html.split("\r\n")) expect(line.length).toBeLessThanOrEqual(78);
  const decode = (text: string) =>
    new TextDecoder().decode(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)));
  const mail = await readMail(world, mailId);
  const words = /^Subject: (.+(?:\r\n .+)*)/m.exec(file.html)?.[1] ?? "";
  const subject = [...words.matchAll(/=\?utf-8\?B\?([^?]*)\?=/g)]
    .map(([, word = ""]) => decode(word))
    .join("");
  expect(subject).toBe(mail.subject);
  const parts = [...file.html.matchAll(/base64\r\n\r\n([A-Za-z0-9+/=\r\n]+?)\r\n--/g)];
  expect(parts.map(([, part = ""]) => decode(part.replaceAll("\r\n", "")))).toEqual([mail.text, mail.html]);
});

test("another environment's mail is not there, and nobody sees one without a session", async () => {
  const { mailId } = await createMail();
  const other = await createWorld();
  const theirs = await signIn(other.keys.admin);
  for (const path of [pathOf(mailId), `${pathOf(mailId)}/content`, `${pathOf(mailId)}/file`]) {
    expect((await open(path, theirs)).status).toBe(404);
    const anonymous = await open(path);
    expect([anonymous.status, anonymous.headers.get("location")]).toEqual([
      303,
      expect.stringContaining("sign-in"),
    ]);
  }
  expect(textOf((await open("/dashboard/mails", theirs)).html)).toContain("No emails yet.");
});

test("a mail's content goes after 30 days, and what became of it stays", async () => {
  const { world, mailId, cookie } = await createMail();
  await forgetAll(world.scope, 29);
  expect((await readMail(world, mailId)).html).not.toBeNull();
  await forgetAll(world.scope, 31);
  expect(await readMail(world, mailId)).toMatchObject({ html: null, text: null, status: "sent" });
  const page = await open(pathOf(mailId), cookie);
  expect(textOf(page.html)).toContain("It is past its age");
  expect((await open(`${pathOf(mailId)}/file`, cookie)).status).toBe(404);
});
