// Whether a notification arrives: an event destination of our own hears that a customer was made, by the ledger, its
// outbox and the queue, and the signature is right.

import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";
import * as z from "zod";
import type { Patient } from "./examine.ts";
import { isLocal } from "./readiness.ts";
import { check, Remediable, type Report } from "./report.ts";
import type { Trial } from "./trial.ts";

type Message = { headers: Record<string, string>; body: string };

export async function receiveNotification(patient: Patient, trial: Trial, report: Report): Promise<void> {
  const { url, receiver, patienceMs } = patient;
  if (receiver.url === null && !isLocal(url)) {
    report({
      state: "open",
      what: "notification received",
      detail: "not looked at: this machine cannot be reached from there",
      remedy: `Let a tunnel end at port ${receiver.port} (cloudflared tunnel --url http://127.0.0.1:${receiver.port}) and give its address: --receiver-url https://…`,
    });
    return;
  }
  const listening = await listen(receiver.url === null ? 0 : receiver.port);
  trial.later(async () => listening.close());
  await check(
    report,
    "notification received",
    async () => {
      const path = `/doctor/${randomUUID()}`;
      const address = receiver.url ?? `http://127.0.0.1:${listening.port}`;
      const destination = await trial.api.post(
        "/event_destinations",
        { url: new URL(path, address).href, event_types: ["customer.created"], description: "doctor" },
        z.object({ id: z.string(), secret: z.string() }),
      );
      trial.later(() => trial.api.del(`/event_destinations/${destination.id}`));
      const beganMs = performance.now();
      const { id } = await trial.api.post("/customers", { name: "Doctor" }, z.object({ id: z.string() }));
      trial.later(() => trial.api.del(`/customers/${id}`));
      const message = await listening.next(path, patienceMs);
      if (message === null) {
        const deliveries = await trial.api.get(
          `/event_destinations/${destination.id}/deliveries`,
          deliverySchema,
        );
        throw new Error(withoutIt(deliveries.data[0], patienceMs));
      }
      verify(destination.secret, message, id);
      return { detail: `signed, after ${Math.round(performance.now() - beganMs)} ms`, found: true };
    },
    "Is the tunnel open, and does the queue that ends in -notifications have its consumer (queues above)?",
  );
}

const deliverySchema = z.object({
  data: z.array(z.object({ status: z.string(), error: z.string().nullable() })),
});

function withoutIt(delivery: { status: string; error: string | null } | undefined, waitedMs: number): string {
  const waited = `none within ${waitedMs / 1000} s`;
  return delivery ? `${waited}: the delivery is ${delivery.status}. ${delivery.error ?? ""}`.trim() : waited;
}

function verify(secret: string, { headers, body }: Message, customerId: string): void {
  try {
    new Webhook(secret).verify(body, headers);
  } catch {
    const remedy =
      "What lies in between, such as a tunnel or proxy, must pass body and headers on unchanged.";
    throw new Remediable("it came, but its signature is wrong", remedy);
  }
  const { data } = z
    .object({ data: z.object({ object: z.object({ id: z.string() }) }) })
    .parse(JSON.parse(body));
  if (data.object.id !== customerId) throw new Error(`it is about ${data.object.id}, not ${customerId}`);
}

async function listen(port: number) {
  const messages = new Map<string, Message>();
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += String(chunk);
    });
    request.on("end", () => {
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      );
      messages.set(request.url ?? "", { headers, body });
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.on("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    async next(path: string, withinMs: number): Promise<Message | null> {
      for (const end = Date.now() + withinMs; Date.now() < end; ) {
        const message = messages.get(path);
        if (message) return message;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      return null;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
