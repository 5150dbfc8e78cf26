// What every part of the sandbox is handed: the world, the clock, and the ways to say that something
// happened. Nothing in the sandbox keeps state outside it.

import type Stripe from "stripe";
import type { SandboxOptions, ScheduledTask, World } from "./types.ts";

export type SandboxContext = {
  world: World;
  options: SandboxOptions;
  /** Milliseconds since the epoch, with what `advance` added. */
  now(): number;
  schedule(task: Omit<ScheduledTask, "id">): void;
  /** Called once for each event, after it is in the account's list. */
  onEvent(accountId: string, event: Stripe.Event): void;
  /** Called after anything changed. */
  changed(): void;
  /** The API call that is being served, for the events that it causes. */
  request?: Stripe.Event.Request;
};
