// The platform's endpoint: takes every message, and keeps what it got.

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { Webhook } from "standardwebhooks";
import type { Lifetime } from "../../demo/lifetime.ts";
import { HOST } from "../../demo/ports.ts";

export type Message = { id: string; body: string };

export type MessageReceiver = {
  /** @param name of the environment */
  urlOf: (name: string) => string;
  /** From now on its messages are checked by this secret. */
  trust: (name: string, secret: string) => void;
  /** All that came for an environment, in its order. */
  received: (name: string) => readonly Message[];
  /** How many had no good signature. */
  refused: () => number;
};

export async function startReceiver(lifetime: Lifetime): Promise<MessageReceiver> {
  const secrets = new Map<string, string>();
  const received = new Map<string, Message[]>();
  let refused = 0;
  const server = createServer(async (request, response) => {
    const name = request.url?.slice(1) ?? "";
    // Whoever is killed while he sends leaves half a message behind.
    const body = await text(request).catch(() => null);
    if (body === null) return;
    const id = String(request.headers["webhook-id"]);
    try {
      new Webhook(secrets.get(name) ?? "").verify(body, request.headers as Record<string, string>);
      received.set(name, [...(received.get(name) ?? []), { id, body }]);
      response.writeHead(204).end();
    } catch {
      refused += 1;
      response.writeHead(400).end();
    }
  });
  server.listen(0, HOST);
  await once(server, "listening");
  lifetime.onEnd(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return {
    urlOf: (name) => `http://${HOST}:${port}/${name}`,
    trust: (name, secret) => secrets.set(name, secret),
    received: (name) => received.get(name) ?? [],
    refused: () => refused,
  };
}
