// Wires the parts of the sandbox: Stripe's API, the hosted pages, the control door, and what happens later.

import { authorize } from "./connect-page.ts";
import type { SandboxContext } from "./context.ts";
import { handleControl } from "./control-door.ts";
import { planDeliveries, runDelivery } from "./deliver-webhooks.ts";
import { createDispatcher } from "./dispatch.ts";
import { handleHostedPage } from "./hosted-page.ts";
import { accountIdOfKey } from "./mode.ts";
import { pay } from "./pay.ts";
import { runSubscriptionStep } from "./payments/renew-subscription.ts";
import { settleBankDebit } from "./payments/settle-bank-debit.ts";
import { expireDueSession } from "./resources/checkout-sessions.ts";
import { closeDispute } from "./resources/disputes.ts";
import { settleRefund } from "./resources/refunds.ts";
import { ROUTES } from "./route-table.ts";
import { createScheduler } from "./scheduler.ts";
import type { AccountWorld, Sandbox, SandboxOptions } from "./types.ts";
import { newWorld, openAccount } from "./world.ts";

/** A sandbox of its own. With `options.world` it goes on where that one stood. */
export function createSandbox(options: SandboxOptions): Sandbox {
  const world = options.world ?? newWorld();
  const scheduler = createScheduler({
    world,
    options,
    handlers: {
      deliver: (task) => runDelivery(context, task),
      settle_bank_debit: async (task) => settleBankDebit(context, task),
      expire_session: async (task) => expireDueSession(context, task),
      settle_refund: async (task) => settleRefund(context, task),
      subscription_step: async (task) => runSubscriptionStep(context, task),
    },
  });
  const context: SandboxContext = {
    world,
    options,
    now: scheduler.now,
    schedule: scheduler.schedule,
    onEvent: (accountId, event) => planDeliveries(context, accountId, event),
    changed: () => options.onChange?.(world),
  };
  const dispatch = createDispatcher(context, ROUTES);

  function accountFor(apiKey: string): AccountWorld {
    const accountId = accountIdOfKey(apiKey);
    if (accountId === null)
      throw new Error(
        "A key of the sandbox looks like sk_test_<account>_<anything> or sk_live_<account>_<anything>",
      );
    return openAccount(world, accountId, context.now());
  }

  const parts = {
    accountFor,
    pay: (accountId: string, ...rest: PayArguments) => pay(context, accountId, ...rest),
    settle: scheduler.settle,
    advance: scheduler.advance,
    closeDispute: (accountId: string, disputeId: string, outcome: "won" | "lost") => {
      closeDispute(context, accountId, disputeId, outcome);
    },
  };
  if (options.autoRun) scheduler.start();
  return {
    ...parts,
    world,
    now: scheduler.now,
    stop: scheduler.stop,
    async fetch(request) {
      const url = new URL(request.url);
      const room = url.pathname.split("/")[1];
      if (url.pathname === "/oauth/authorize") return authorize(context, request);
      if (room === "v1" || room === "oauth") return dispatch(request);
      if (room === "_sandbox") return handleControl(context, parts, request);
      return (await handleHostedPage(context, request)) ?? new Response("Not found", { status: 404 });
    },
  };
}

type PayArguments = Parameters<Sandbox["pay"]> extends [string, ...infer Rest] ? Rest : never;
