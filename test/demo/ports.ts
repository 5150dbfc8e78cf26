// Chooses ports: the wanted one, or the next that nobody listens on.

import { once } from "node:events";
import { createServer } from "node:net";

export const HOST = "127.0.0.1";
const TRIES = 50;

/** @throws Error when fifty ports in a row are taken */
export async function choosePort(
  wanted: number,
  isFree: (port: number) => Promise<boolean> = canListen,
): Promise<number> {
  const last = Math.min(wanted + TRIES - 1, 65_535);
  for (let port = wanted; port <= last; port++) {
    if (await isFree(port)) return port;
  }
  throw new Error(`Every port from ${wanted} to ${last} is taken: end what listens there.`);
}

async function canListen(port: number): Promise<boolean> {
  // Without a host too: what listens on every address also answers on the loopback one.
  return (await listens(port, HOST)) && (await listens(port));
}

async function listens(port: number, host?: string): Promise<boolean> {
  const server = createServer();
  try {
    server.listen({ port, host, exclusive: true });
    await once(server, "listening");
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
