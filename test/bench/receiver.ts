// An event destination that takes everything and counts it.

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Lifetime } from "../demo/lifetime.ts";
import { HOST } from "../demo/ports.ts";

export async function startReceiver(lifetime: Lifetime): Promise<{ origin: string; received: () => number }> {
  let received = 0;
  const server = createServer((request, response) => {
    request.resume();
    request.on("end", () => {
      received += 1;
      response.writeHead(204).end();
    });
  });
  // As the sandbox's (test/stripe-sandbox/serve.ts).
  server.keepAliveTimeout = 60_000;
  server.listen(0, HOST);
  await once(server, "listening");
  lifetime.onEnd(() => {
    server.close();
    server.closeAllConnections();
  });
  return { origin: `http://${HOST}:${(server.address() as AddressInfo).port}`, received: () => received };
}
