// The client of the package, driven against the Worker itself.

import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";
import { createQuittance, dataOf, pages, QuittanceError } from "../../client/index.ts";
import { verifyNotification } from "../../client/verify-notification.ts";
import { ORIGIN, toWorker } from "../harness/api.ts";
import { createTenantWorld } from "../harness/world.ts";

async function createClient(send: (request: Request) => Promise<Response> = toWorker) {
  const { keys } = await createTenantWorld();
  const waits: number[] = [];
  const sleep = async (ms: number) => void waits.push(ms);
  return { quittance: createQuittance({ url: ORIGIN, key: keys.admin, fetch: send, sleep }), waits };
}

const customer = (id: string) => ({ id, name: "Ada Lovelace", email: "ada@example.com" });

test("what the API takes and answers is typed, and a refusal is an error with its code", async () => {
  const { quittance } = await createClient();
  const made = await dataOf(quittance.POST("/api/v1/customers", { body: customer("cus_ada") }));
  expect([made.object, made.name]).toEqual(["customer", "Ada Lovelace"]);
  const other = { ...customer("cus_ada"), name: "Another" };
  const again = dataOf(quittance.POST("/api/v1/customers", { body: other }));
  await expect(again).rejects.toThrow(QuittanceError);
  await expect(again).rejects.toMatchObject({ status: 409, code: "already_exists" });
});

test("a POST whose answer is lost is made again under the same key, and done once", async () => {
  let lost = 0;
  const { quittance, waits } = await createClient(async (request) => {
    const answer = await toWorker(request);
    if (request.method !== "POST" || lost++ > 0) return answer;
    await answer.text();
    throw new TypeError("The connection was broken off.");
  });
  const made = await dataOf(quittance.POST("/api/v1/customers", { body: customer("cus_lost") }));
  expect(made.id).toBe("cus_lost");
  expect([lost, waits]).toEqual([2, [500]]);
});

test("429 waits as long as Retry-After says; 503 of a DELETE is not tried again; the last answer is given out", async () => {
  const answers = [new Response(null, { status: 429, headers: { "retry-after": "7" } })];
  const { quittance, waits } = await createClient(async (request) => answers.shift() ?? toWorker(request));
  expect((await dataOf(quittance.GET("/api/v1/customers", {}))).data).toEqual([]);
  expect(waits).toEqual([7000]);

  let tries = 0;
  const failing = await createClient(async () => {
    tries++;
    return new Response("{}", { status: 503, headers: { "content-type": "application/problem+json" } });
  });
  const params = { path: { id: "cus_x" } };
  await expect(dataOf(failing.quittance.DELETE("/api/v1/customers/{id}", { params }))).rejects.toMatchObject({
    status: 503,
  });
  expect(tries).toBe(1);
  await expect(dataOf(failing.quittance.GET("/api/v1/customers/{id}", { params }))).rejects.toMatchObject({
    status: 503,
  });
  expect([tries, failing.waits]).toEqual([5, [500, 1000, 2000]]);
});

test("pages goes through a whole list", async () => {
  const { quittance } = await createClient();
  const ids = ["cus_1", "cus_2", "cus_3", "cus_4", "cus_5"];
  for (const id of ids) await dataOf(quittance.POST("/api/v1/customers", { body: customer(id) }));
  const seen: string[] = [];
  const read = (cursor: string | undefined) =>
    quittance.GET("/api/v1/customers", { params: { query: { limit: 2, cursor } } });
  for await (const { id } of pages(read)) seen.push(id);
  expect(seen.sort()).toEqual(ids);
});

test("a message is taken with its own signature, and refused when a byte was changed", () => {
  const secret = `whsec_${btoa("a secret of thirty-two bytes....")}`;
  const body = JSON.stringify({ id: "msg_1", type: "invoice.paid", data: { object: { id: "inv_1" } } });
  const now = new Date();
  const headers = new Headers({
    "webhook-id": "msg_1",
    "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
    "webhook-signature": new Webhook(secret).sign("msg_1", now, body),
  });
  expect(verifyNotification(secret, headers, body).type).toBe("invoice.paid");
  expect(() => verifyNotification(secret, headers, body.replace("inv_1", "inv_2"))).toThrow();
});
