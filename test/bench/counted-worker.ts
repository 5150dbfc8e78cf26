// The Worker with counted bindings, and a door that tells the counts.

import worker, { Ledger as RealLedger } from "../../src/index.ts";
import {
  countBatch,
  countedEnv,
  countOutput,
  countStorage,
  readUsage,
  USAGE_PATH,
  usage,
} from "./counted-bindings.ts";

countOutput();

export class Ledger extends RealLedger {
  constructor(context: DurableObjectState, env: Env) {
    countStorage(context.storage);
    super(context, countedEnv(env));
  }

  override async alarm(): Promise<void> {
    usage.objectRequests += 1;
    const beganMs = Date.now();
    await super.alarm();
    usage.objectMs += Date.now() - beganMs;
  }
}

// biome-ignore lint/style/noDefaultExport: a Worker's handlers are its default export.
export default {
  fetch(request, env, context) {
    if (new URL(request.url).pathname === USAGE_PATH) return Response.json(readUsage());
    usage.workerRequests += 1;
    return worker.fetch(request, countedEnv(env), context);
  },
  queue(batch, env) {
    usage.workerRequests += 1;
    countBatch(batch);
    return worker.queue(batch, countedEnv(env));
  },
} satisfies ExportedHandler<Env>;
