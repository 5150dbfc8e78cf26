// npm run example: the demo's Worker and Stripe sandbox, and beside them a product that sells through them. `--once`
// uses it in Chromium and ends.

import { once as happens } from "node:events";
import type { Server } from "node:http";
import { createAdaptorServer } from "@hono/node-server";
import { connect } from "../../demo/main-job.ts";
import { choosePort, HOST } from "../../demo/ports.ts";
import { prepareTenant } from "../../demo/prepare-tenant.ts";
import { say } from "../../demo/report.ts";
import { run } from "../../demo/run.ts";
import { sayWhereToGo } from "../../demo/where-to-go.ts";
import { createAccessBook } from "./access.ts";
import { createSaasApp } from "./app.ts";
import { drive } from "./drive.ts";
import { createQuittance } from "./quittance.ts";
import { setUp } from "./set-up.ts";

const PORT = 3000;
const once = process.argv.includes("--once");

await run("Quittance example: saas-app", once, async (stack) => {
  const tenant = await prepareTenant(stack);
  await connect(tenant);
  const port = await choosePort(PORT);
  const origin = `http://${HOST}:${port}`;
  const { key, hookSecret } = await setUp(stack, tenant, origin);
  const app = createSaasApp({
    origin,
    hookSecret,
    // A new one each time: what earlier ones have bought is not kept.
    user: { id: `user_${Date.now().toString(36)}`, name: "Ada Lovelace", email: "ada@example.com" },
    quittance: createQuittance({ url: stack.worker, key }),
    access: createAccessBook(),
  });
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  server.listen(port, HOST);
  await happens(server, "listening");
  if (once) return drive(origin).finally(() => server.closeAllConnections());
  sayWhereToGo(stack, tenant);
  say(`\nThe product: ${origin}`);
});
