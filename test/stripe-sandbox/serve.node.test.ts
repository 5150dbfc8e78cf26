import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Stripe from "stripe";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startSandboxServer } from "./serve.ts";

// Of a machine that has other things to do.
const PATIENCE = { timeout: 60_000 };

let folder: string;
const endings: (() => Promise<void>)[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "stripe-sandbox-"));
});

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
  await rm(folder, { recursive: true });
});

async function start(statePath?: string) {
  const server = await startSandboxServer({ port: 0, statePath });
  endings.push(server.close);
  return server;
}

function stripeAt(origin: string): Stripe {
  const { hostname, port } = new URL(origin);
  return new Stripe("sk_test_alpha_1", { host: hostname, port, protocol: "http", maxNetworkRetries: 0 });
}

/** A receiver of webhooks on a port of its own. */
async function receive(): Promise<{ url: string; got: { body: string; signature: string }[] }> {
  const got: { body: string; signature: string }[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    got.push({
      body: Buffer.concat(chunks).toString("utf8"),
      signature: String(request.headers["stripe-signature"]),
    });
    response.end();
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  endings.push(() => new Promise((closed) => server.close(() => closed())));
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/hook`, got };
}

describe("the sandbox server", () => {
  it("goes on where it was stopped, with the same file and another port", async () => {
    const state = join(folder, "deep", "world.json");
    const first = await start(state);
    const customer = await stripeAt(first.origin).customers.create({ name: "Ada" });
    await first.close();
    expect(await readdir(join(folder, "deep"))).toEqual(["world.json"]);
    const second = await start(state);
    expect((await stripeAt(second.origin).customers.retrieve(customer.id)).id).toBe(customer.id);
  });

  it("saves by itself soon after a change", async () => {
    const state = join(folder, "world.json");
    const server = await start(state);
    const customer = await stripeAt(server.origin).customers.create({ name: "Ada" });
    await vi.waitFor(async () => expect(await readFile(state, "utf8")).toContain(customer.id), PATIENCE);
  });

  it("says which file it cannot read, and does not overwrite it", async () => {
    const state = join(folder, "world.json");
    await writeFile(state, "half a wor");
    await expect(startSandboxServer({ port: 0, statePath: state })).rejects.toThrow(state);
    expect(await readFile(state, "utf8")).toBe("half a wor");
  });

  it("delivers signed webhooks by itself to an address on this machine", async () => {
    const { url, got } = await receive();
    const server = await start();
    const stripe = stripeAt(server.origin);
    const endpoint = await stripe.webhookEndpoints.create({ url, enabled_events: ["customer.created"] });
    const customer = await stripe.customers.create({ name: "Ada" });
    await vi.waitFor(() => expect(got).toHaveLength(1), PATIENCE);
    const event = await stripe.webhooks.constructEventAsync(
      got[0]?.body ?? "",
      got[0]?.signature ?? "",
      endpoint.secret ?? "",
    );
    expect(event.data.object).toMatchObject({ id: customer.id });
  });

  it("drops the connection where the fault says so, after having done what was asked", async () => {
    const server = await start();
    server.sandbox.world.faults.push({ kind: "cut_after", times: 1, path: "/v1/customers" });
    // Not through Stripe's library: that tries a closed connection once more, whatever it was told.
    const creation = fetch(`${server.origin}/v1/customers`, {
      method: "POST",
      headers: { authorization: "Bearer sk_test_alpha_1" },
      body: new URLSearchParams({ name: "Ada" }),
    });
    await expect(creation).rejects.toThrow("fetch failed");
    expect((await stripeAt(server.origin).customers.list()).data.map(({ name }) => name)).toEqual(["Ada"]);
  });

  it("can be closed while a request hangs", async () => {
    const server = await start();
    server.sandbox.world.faults.push({ kind: "timeout", times: 1 });
    const hanging = stripeAt(server.origin).customers.list();
    const failed = expect(hanging).rejects.toMatchObject({ type: "StripeConnectionError" });
    await vi.waitFor(() => expect(server.sandbox.world.faults).toHaveLength(0), PATIENCE);
    await server.close();
    await failed;
  });
});

describe("the command", () => {
  it("ends with 1 and names the port when that is taken", async () => {
    const { port } = new URL((await start()).origin);
    const { code, stderr } = await run(["--port", port]);
    expect(code).toBe(1);
    expect(stderr).toContain(`Port ${port} is taken`);
  });

  it("prints one line when it is ready, and saves and ends when it is told to, also twice", async () => {
    const state = join(folder, "world.json");
    const { code, stdout } = await run(["--port", "0", "--state", state], async (origin) => {
      await stripeAt(origin).customers.create({ name: "Ada" });
    });
    expect(stdout).toMatch(/^Stripe sandbox on http:\/\/127\.0\.0\.1:\d+\n$/);
    expect(code).toBe(0);
    expect(await readFile(state, "utf8")).toContain("Ada");
  });
});

/** Runs the command; once it is ready does `work`, then asks it to end. */
function run(
  parameters: readonly string[],
  work: (origin: string) => Promise<void> = async () => {},
): Promise<{ code: unknown; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const script = join(import.meta.dirname, "serve.ts");
    const child = execFile(process.execPath, [script, ...parameters], (error, stdout, stderr) =>
      resolve({ code: error ? error.code : 0, stdout, stderr }),
    );
    const end = () => {
      child.kill("SIGTERM");
      child.kill("SIGINT");
    };
    child.stdout?.on("data", (text: string) => {
      const origin = /http:\S+/.exec(text)?.[0];
      if (origin) work(origin).then(end, reject);
    });
  });
}
