// A platform's own endpoint on this machine: it takes what comes and keeps it, as it came.

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { type Notification, verifyNotification } from "../../client/verify-notification.ts";
import { until } from "../demo/until.ts";

export type Receiver = {
  url: string;
  /** Waits for one whose signature is right by `secret`. @throws Error after 30 s */
  next: (secret: string, fits: (told: Notification) => boolean) => Promise<Notification>;
  end: () => void;
};

/** @param answer what it answers; 200 and nothing if left out */
export async function startReceiver(answer: { status?: number; body?: string } = {}): Promise<Receiver> {
  const got: { headers: Headers; body: string }[] = [];
  const server = createServer(async (request, response) => {
    const headers = new Headers(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    );
    got.push({ headers, body: await text(request) });
    response.writeHead(answer.status ?? 200);
    response.end(answer.body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/quittance`,
    next: (secret, fits) =>
      until("the platform was not told", async () => {
        for (const { headers, body } of got) {
          const told = verified(secret, headers, body);
          if (told !== null && fits(told)) return told;
        }
        return null;
      }),
    end: () => server.close(),
  };
}

/** Null where it is not signed with this secret. */
function verified(secret: string, headers: Headers, body: string): Notification | null {
  try {
    return verifyNotification(secret, headers, body);
  } catch {
    return null;
  }
}
