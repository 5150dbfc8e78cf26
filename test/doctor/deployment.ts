// A deployment as far as the doctor sees one: its answers are the real ones' shapes, and a test breaks one at a time.

import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";
import { newSigningSecret } from "../../src/notifications/sign-message.ts";

type Answer = { status?: number; body?: unknown };
type Fault = (call: string, body: Record<string, unknown>) => Answer | undefined;

export type FakeDeployment = {
  url: string;
  /** Answers in place of the right answer, where it gives one. */
  fault: Fault;
  /** What becomes of a notification before it is sent; null: it is lost. */
  notify: (body: string) => string | null;
  /** Whether events are taken from the queue. */
  consumes: boolean;
  close: () => void;
};

const READY = {
  ready: true,
  checks: ["settings", "database", "migrations", "queues", "keyring", "dead_letters"].map((name) => ({
    ...{ name, ok: true, detail: "All is well." },
  })),
};

export async function startFakeDeployment(rootToken: string): Promise<FakeDeployment> {
  const secret = newSigningSecret();
  const state = { destination: "", isPaid: false };
  const deployment: FakeDeployment = {
    ...{ url: "", fault: () => undefined, notify: (body) => body, consumes: true, close: () => {} },
  };
  async function answer(call: string, body: Record<string, unknown>, token: string): Promise<Answer> {
    const fault = deployment.fault(call, body);
    if (fault) return fault;
    const [method = "", path = ""] = call.split(" ");
    if (path === "/healthz") return { body: { ok: true } };
    if (path === "/readyz") return { body: READY };
    if (path.startsWith("/api/v1/webhooks/")) {
      state.isPaid = deployment.consumes;
      return { body: {} };
    }
    if (path === "/api/v1/keyring") {
      if (token !== rootToken) return { status: 401, body: { detail: "No such key." } };
      return { body: { keys: [{ id: "k1", status: "seals", secrets: 2 }] } };
    }
    if (method === "DELETE") return { body: {} };
    if (path.includes("/webhook_events/"))
      return state.isPaid
        ? { body: { status: "processed" } }
        : { status: 404, body: { detail: "Not there." } };
    if (path.includes("/deliveries")) return { body: { data: [{ status: "pending", error: "No answer." }] } };
    if (path.endsWith("/test"))
      return { body: { ok: true, checks: [{ name: "key", ok: true, detail: "" }] } };
    if (path.endsWith("/event_destinations")) state.destination = String(body.url);
    if (path.endsWith("/customers")) notify(JSON.stringify({ data: { object: { id: "thing_1" } } }));
    const thing = {
      ...{ id: "thing_1", key: "qt_1", secret, livemode: false, name: "Acme", amount_refunded: 0 },
      ...{ status: path.includes("/invoices") ? (state.isPaid ? "paid" : "open") : "active" },
      ...{ payment_url: "https://pay.example", payment_link: { status: "active" } },
    };
    return { body: method === "GET" && !path.includes("/invoices/") ? { data: [thing] } : thing };
  }
  function notify(body: string): void {
    const sent = deployment.notify(body);
    if (sent === null || state.destination === "") return;
    const at = new Date();
    const headers = {
      "webhook-id": "msg_1",
      "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
      "webhook-signature": new Webhook(secret).sign("msg_1", at, body),
    };
    void fetch(state.destination, { method: "POST", body: sent, headers });
  }
  const server = createServer((request, response) => {
    void read(request).then(async (body) => {
      const token = request.headers.authorization?.replace("Bearer ", "") ?? "";
      const path = (request.url ?? "").replace(/\?.*/, "");
      const { status = 200, body: said } = await answer(`${request.method} ${path}`, body, token);
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(said));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  deployment.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  deployment.close = () => {
    server.closeAllConnections();
    server.close();
  };
  return deployment;
}

async function read(request: IncomingMessage): Promise<Record<string, unknown>> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text === "" ? {} : JSON.parse(text);
}
