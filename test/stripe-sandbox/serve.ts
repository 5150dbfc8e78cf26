// Runs the sandbox as a server of its own, for the demo and for anyone without a Stripe account:
// node test/stripe-sandbox/serve.ts --port 12111 --state .wrangler/stripe-sandbox.json

import { once } from "node:events";
import type { Server } from "node:http";
import { parseArgs } from "node:util";
import { createAdaptorServer } from "@hono/node-server";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import { createSandbox } from "./sandbox.ts";
import { createWorldSaver, loadWorld } from "./saved-world.ts";
import { ConnectionCut, type Sandbox, type SandboxOptions } from "./types.ts";

const HOST = "127.0.0.1";
/** A receiver that takes longer is, to Stripe, one that failed. */
const WEBHOOK_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_MS = 60_000;

/**
 * Starts the sandbox on the loopback address; port 0 takes any free port. With a `statePath` the world is
 * read from it and saved to it. `close` saves and ends. Throws when the port is taken or the file is broken.
 */
export async function startSandboxServer(setup: {
  port: number;
  statePath?: string;
  retryDelaysMs?: readonly number[];
}): Promise<{ origin: string; sandbox: Sandbox; close: () => Promise<void> }> {
  const saver = setup.statePath === undefined ? null : createWorldSaver(setup.statePath);
  const world = setup.statePath === undefined ? undefined : await loadWorld(setup.statePath);
  let answer = (_request: Request): Promise<Response> => Promise.resolve(new Response(null, { status: 503 }));
  const server = createAdaptorServer({
    fetch: (request, env) => answerOrCut(answer, request, () => env.incoming.socket.destroy()),
  }) as Server;
  // Longer than workerd keeps a connection that nobody uses: a call on one that is closed at that moment would fail.
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  const port = await listen(server, setup.port);
  const origin = `http://${HOST}:${port}`;
  // Only now is the port known, and with it the origin of the hosted pages.
  const sandbox = createSandbox({
    now: Date.now,
    origin,
    send: postWebhook,
    autoRun: true,
    allowPrivateWebhookUrls: true,
    ...(setup.retryDelaysMs && { retryDelaysMs: setup.retryDelaysMs }),
    ...(world && { world }),
    ...(saver && { onChange: saver.changed }),
  });
  answer = sandbox.fetch;
  return {
    origin,
    sandbox,
    async close() {
      sandbox.stop();
      server.close();
      server.closeAllConnections();
      await saver?.flush();
    },
  };
}

async function answerOrCut(answer: Sandbox["fetch"], request: Request, cut: () => void): Promise<Response> {
  try {
    return await answer(request);
  } catch (error) {
    if (!(error instanceof ConnectionCut)) throw error;
    cut();
    return RESPONSE_ALREADY_SENT;
  }
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, HOST);
  try {
    await once(server, "listening");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") {
      throw new Error(`Port ${port} is taken: end what listens there, or choose another with --port`);
    }
    throw error;
  }
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : port;
}

const postWebhook: SandboxOptions["send"] = async (url, init) => {
  const signal = AbortSignal.timeout(WEBHOOK_TIMEOUT_MS);
  // Stripe does not follow redirects: a 3xx is a failed delivery.
  const response = await fetch(url, { ...init, method: "POST", redirect: "manual", signal });
  await response.body?.cancel();
  return { status: response.status };
};

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { port: { type: "string", default: "12111" }, state: { type: "string" } },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error("--port takes 0 to 65535");
  const server = await startSandboxServer({ port, statePath: values.state });
  console.log(`Stripe sandbox on ${server.origin}`);
  let ending = false;
  const end = () => {
    // A signal often comes twice, from the terminal and from npm: the second must not cut the saving short.
    if (ending) return;
    ending = true;
    server.close().then(() => process.exit(0), fail);
  };
  process.on("SIGINT", end);
  process.on("SIGTERM", end);
}

function fail(error: unknown): never {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

if (import.meta.main) main().catch(fail);
