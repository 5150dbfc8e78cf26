// The Worker: HTTP, queues, cron. Start reading at the two walks in the README.

import { createApp } from "./app.ts";
import { runChores } from "./cron.ts";
import { Ledger } from "./ledger/ledger.ts";
import { consume } from "./queue.ts";
import { isConnectWebhook, receiveConnectWebhook, receiveWebhook, webhookScope } from "./webhooks/door.ts";

const app = createApp();

export { Ledger };

// biome-ignore lint/style/noDefaultExport: a Worker's handlers are its default export.
export default {
  fetch(request: Request, env: Env, context: ExecutionContext) {
    const scope = webhookScope(request);
    if (scope) return receiveWebhook(request, env, scope);
    return isConnectWebhook(request) ? receiveConnectWebhook(request, env) : app.fetch(request, env, context);
  },
  queue: consume,
  scheduled: (_controller, env) => runChores(env),
} satisfies ExportedHandler<Env>;
