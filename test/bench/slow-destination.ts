// One environment's event destination takes messages and does not answer. Behind the batches that it holds stands
// another's message: workerd does not wait for what goes on in the background, so that one is delivered meanwhile.

import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import * as z from "zod";
import { createApi } from "../../tools/doctor/single-calls.ts";
import type { Lifetime } from "../demo/lifetime.ts";
import { HOST } from "../demo/ports.ts";
import { until } from "../demo/until.ts";
import type { BenchEnvironment } from "./world.ts";

// Two batches of the queue of notifications (wrangler.toml), which is all that one destination has in it at once.
const HELD = 6;

const identified = z.object({ id: z.string() });
const listed = z.object({ data: z.array(z.object({ status: z.string(), attempts: z.int() })) });

/**
 * @returns ms from its cause until the other's message was there
 * @throws Error where it came only once a held call had ended, or where one of those was not heard to its end
 */
export async function deliverBehindSlow(
  origin: string,
  lifetime: Lifetime,
  { slow, quick }: Record<"slow" | "quick", BenchEnvironment>,
): Promise<number> {
  const [holding, answering] = [await startReceiver(lifetime), await startReceiver(lifetime)];
  answering.letGo();
  const destination = await listenForInvoices(origin, slow, holding.url);
  await listenForInvoices(origin, quick, answering.url);
  for (let made = 0; made < HELD; made++) await finalizeOne(origin, slow);
  await until("the second batch waited for what the first holds", async () =>
    holding.open() === HELD ? true : null,
  );
  const begunMs = Date.now();
  await finalizeOne(origin, quick);
  await until("the other's message did not come", async () => (answering.calls() > 0 ? true : null));
  const tookMs = Date.now() - begunMs;
  if (holding.open() !== HELD) throw new Error("The other's message waited for the slow destination.");
  holding.letGo();
  const api = createApi(origin, slow.apiKey);
  await until("what the slow destination answered was not heard", async () => {
    const { data } = await api.get(`/event_destinations/${destination}/deliveries`, listed);
    const isHeard = data.every(({ status, attempts }) => status === "succeeded" && attempts === 1);
    return data.length === HELD && isHeard ? true : null;
  });
  return tookMs;
}

async function listenForInvoices(origin: string, { apiKey }: BenchEnvironment, url: string): Promise<string> {
  const body = { url, event_types: ["invoice.finalized"] };
  return (await createApi(origin, apiKey).post("/event_destinations", body, identified)).id;
}

async function finalizeOne(origin: string, { apiKey }: BenchEnvironment): Promise<void> {
  const api = createApi(origin, apiKey);
  const { id: customer_id } = await api.post("/customers", { name: "Ada Lovelace" }, identified);
  const lines = [{ description: "Pro plan, November", quantity: 1, unit_amount: 11_900 }];
  await api.post("/invoices", { customer_id, currency: "EUR", lines, finalize: true }, identified);
}

/** Holds what it is sent until it lets go. */
async function startReceiver(lifetime: Lifetime) {
  const held = new Set<ServerResponse>();
  let [calls, holds] = [0, true];
  const server = createServer((request, response) => {
    calls += 1;
    request.resume();
    held.add(response);
    // Also where the caller has hung up.
    response.on("close", () => held.delete(response));
    if (!holds) response.writeHead(204).end();
  });
  server.listen(0, HOST);
  await once(server, "listening");
  lifetime.onEnd(() => {
    server.close();
    server.closeAllConnections();
  });
  return {
    url: `http://${HOST}:${(server.address() as AddressInfo).port}/`,
    calls: () => calls,
    open: () => held.size,
    letGo: () => {
      holds = false;
      for (const response of held) response.writeHead(204).end();
    },
  };
}
