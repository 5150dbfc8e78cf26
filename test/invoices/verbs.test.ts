import { expect, test } from "vitest";
import { sandbox } from "../harness/sandbox.ts";
import { createWorld, eventually } from "../harness/world.ts";
import {
  createDraft,
  createLinkedInvoice,
  kindsOf,
  linksAtStripe,
  readInvoice,
  timelineOf,
  untilInvoice,
} from "./invoice-fixture.ts";

const LINE = { description: "Seat", quantity: 2, unit_amount: 1500 };

test("a draft is changed in everything, and its amounts follow its lines", async () => {
  const world = await createWorld();
  const draft = await createDraft(world, { memo: "old" });
  const customer = (await world.api("POST", "/customers", { name: "Grace Hopper" })).body;
  const changed = await world.api("PATCH", `/invoices/${draft.id}`, {
    number: "2026-9",
    customer_id: customer.id,
    currency: "usd",
    lines: [LINE],
    due_at: "2027-01-31T00:00:00Z",
    memo: null,
    metadata: { order: "9" },
    send_email: true,
  });
  expect(changed.status).toBe(200);
  expect(changed.body).toMatchObject({
    status: "draft",
    number: "2026-9",
    customer_id: customer.id,
    currency: "USD",
    amount_due: 3000,
    amount_due_decimal: "30.00",
    due_at: "2027-01-31T00:00:00.000Z",
    memo: null,
    metadata: { order: "9" },
    send_email: true,
  });
  const updated = (await timelineOf(world, draft.id)).filter(({ kind }) => kind === "updated");
  expect(updated).toHaveLength(1);
  expect(updated[0].cause.kind).toBe("api_key");
});

test("a draft is not changed into one that Stripe could not charge", async () => {
  const world = await createWorld();
  const draft = await createDraft(world);
  const refusals: [Record<string, unknown>, string][] = [
    [{ currency: "gbp", lines: [{ ...LINE, quantity: 1, unit_amount: 29 }] }, "lines"],
    [{ currency: "xts" }, "currency"],
    [{ customer_id: "cus_nobody" }, "customer_id"],
    [{ amount_due: 1 }, "amount_due"],
  ];
  for (const [body, path] of refusals) {
    const refused = await world.api("PATCH", `/invoices/${draft.id}`, body);
    expect(refused.status).toBe(422);
    expect(refused.body.errors[0].path).toBe(path);
  }
  expect(await readInvoice(world, draft.id)).toEqual(draft);
});

test("a finalised invoice keeps what its customer pays by, and each such field is named", async () => {
  const world = await createWorld();
  const invoice = await createLinkedInvoice(world);
  const refused = await world.api("PATCH", `/invoices/${invoice.id}`, {
    lines: [LINE],
    currency: "usd",
    number: "2",
    memo: "not even this",
  });
  expect(refused).toMatchObject({ status: 409, body: { code: "conflict" } });
  expect(refused.body.errors.map(({ path }: { path: string }) => path).sort()).toEqual([
    "currency",
    "lines",
    "number",
  ]);
  expect((await readInvoice(world, invoice.id)).memo).toBeNull();

  const later = { due_at: "2027-01-31T00:00:00Z", memo: "Thank you", metadata: { order: "9" } };
  const changed = await world.api("PATCH", `/invoices/${invoice.id}`, later);
  expect(changed).toMatchObject({ status: 200, body: { memo: "Thank you", metadata: { order: "9" } } });
  expect(linksAtStripe(world)).toHaveLength(1);
});

for (const [verb, status, kind] of [
  ["void", "void", "voided"],
  ["mark_uncollectible", "uncollectible", "marked_uncollectible"],
] as const) {
  test(`${verb} twice is once`, async () => {
    const world = await createWorld();
    const { id } = await createLinkedInvoice(world);
    const answers = await Promise.all([1, 2, 3].map(() => world.api("POST", `/invoices/${id}/${verb}`)));
    expect(answers.map((answer) => [answer.status, answer.body.status])).toEqual(
      Array(3).fill([200, status]),
    );
    await untilInvoice(world, id, ({ payment_link }) => payment_link.deactivation === "done");
    expect((await kindsOf(world, id)).filter((entry) => entry === kind)).toHaveLength(1);
    const again = await world.api("POST", `/invoices/${id}/${verb}`);
    expect(again).toMatchObject({ status: 200, body: await readInvoice(world, id) });
  });

  test(`${verb} refuses a draft and a paid invoice, and leaves them as they are`, async () => {
    const world = await createWorld();
    const draft = await createDraft(world);
    const invoice = await createLinkedInvoice(world);
    await sandbox.pay(
      world.accountId,
      { paymentLinkId: invoice.payment_link.id },
      { card: "4242 4242 4242 4242" },
    );
    await sandbox.settle();
    await untilInvoice(world, invoice.id, (seen) => seen.status === "paid");
    for (const id of [draft.id, invoice.id]) {
      const { status: before } = await readInvoice(world, id);
      const refused = await world.api("POST", `/invoices/${id}/${verb}`);
      expect(refused).toMatchObject({ status: 409, body: { code: "conflict" } });
      expect((await readInvoice(world, id)).status).toBe(before);
    }
  });
}

test("an uncollectible invoice can be voided, a void one not be marked uncollectible", async () => {
  const world = await createWorld();
  const { id } = await createLinkedInvoice(world);
  await world.api("POST", `/invoices/${id}/mark_uncollectible`);
  expect((await world.api("POST", `/invoices/${id}/void`)).body).toMatchObject({
    status: "void",
    voided_at: expect.stringMatching(/^20/),
  });
  expect((await world.api("POST", `/invoices/${id}/mark_uncollectible`)).status).toBe(409);
  expect((await readInvoice(world, id)).status).toBe("void");
});

test("an uncollectible invoice that is paid all the same is paid", async () => {
  const world = await createWorld();
  const { id } = await createLinkedInvoice(world);
  await world.api("POST", `/invoices/${id}/mark_uncollectible`);
  const recorded = await world.api("POST", `/invoices/${id}/payments`, {
    amount: 12900,
    method: "bank_transfer",
    reference: "r1",
  });
  expect(recorded.status).toBe(201);
  expect(await readInvoice(world, id)).toMatchObject({ status: "paid", payment_status: "paid" });
});

test("another tenant's invoice is not there for any of these doors", async () => {
  const [world, other] = [await createWorld(), await createWorld()];
  const { id } = await createLinkedInvoice(world);
  for (const [method, path] of [
    ["PATCH", ""],
    ["POST", "/void"],
    ["POST", "/mark_uncollectible"],
    ["POST", "/payment_link"],
    ["GET", "/timeline"],
  ] as const) {
    const body = method === "PATCH" ? { memo: "mine" } : undefined;
    expect((await other.api(method, `/invoices/${id}${path}`, body)).status).toBe(404);
  }
  expect(await readInvoice(world, id)).toMatchObject({ status: "open", memo: null });
});

test("the timeline tells all that happened, oldest first, each once and with its cause", async () => {
  const world = await createWorld();
  const { id, payment_link } = await createLinkedInvoice(world);
  const target = { paymentLinkId: payment_link.id };
  await sandbox.pay(world.accountId, target, { card: "4000 0000 0000 9995" });
  await sandbox.pay(world.accountId, target, { card: "4242 4242 4242 4242" });
  sandbox.world.deliveryPolicy.copies = 3;
  await sandbox.settle();
  sandbox.world.deliveryPolicy.copies = 1;

  const entries = await eventually(
    () => timelineOf(world, id),
    (seen) =>
      ["link_switched_off", "payment_failed", "paid"].every((kind) =>
        seen.some((entry) => entry.kind === kind),
      ),
  );
  const kinds = entries.map(({ kind }) => kind);
  for (const kind of [
    "created",
    "finalized",
    "link_created",
    "payment_failed",
    "paid",
    "link_switched_off",
  ]) {
    expect(kinds.filter((each) => each === kind)).toHaveLength(1);
  }
  expect(kinds.slice(0, 3)).toEqual(["created", "finalized", "link_created"]);
  expect(entries.map(({ at }) => at)).toEqual(entries.map(({ at }) => at).toSorted());
  const cause = (kind: string) => entries.find((entry) => entry.kind === kind).cause;
  expect(cause("created")).toMatchObject({ kind: "api_key", id: expect.stringMatching(/^key_/) });
  expect(cause("link_created")).toMatchObject({ kind: "queue", id: `create_payment_link/${id}/1` });
  expect(cause("paid")).toMatchObject({ kind: "stripe", id: expect.stringMatching(/^evt_/) });
  expect(entries.find(({ kind }) => kind === "payment_failed").detail).toMatchObject({
    failure_code: "insufficient_funds",
  });

  const first = (await world.api("GET", `/invoices/${id}/timeline?limit=2`)).body;
  expect(first).toMatchObject({ object: "list", has_more: true, data: entries.slice(0, 2) });
  const rest = await world.api("GET", `/invoices/${id}/timeline?limit=100&cursor=${first.next_cursor}`);
  expect(rest.body).toMatchObject({ has_more: false, data: entries.slice(2) });
});
