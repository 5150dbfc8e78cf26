// What the log says of a batch of events.

import type { ArrivedEvent, EventOutcome } from "../ledger/events/arrived-event.ts";
import type { Deps, Scope } from "../platform/deps.ts";

/** One line a batch: a line for each of its environments would cost more than it tells. */
export class ToldEvents {
  #events = 0;
  #ended = { processed: 0, ignored: 0 };
  #oldestMs = Number.POSITIVE_INFINITY;
  readonly #traces = new Set<string>();

  add(events: readonly ArrivedEvent[], outcomes: readonly EventOutcome[]): void {
    this.#events += events.length;
    for (const { deliveryId } of events) this.#traces.add(deliveryId);
    this.#oldestMs = Math.min(this.#oldestMs, ...events.map(({ createdAtMs }) => createdAtMs));
    for (const outcome of outcomes)
      if ("status" in outcome && outcome.status !== "dead") this.#ended[outcome.status] += 1;
  }

  write(deps: Deps, scopes: readonly Scope[]): void {
    const [only, more] = scopes;
    if (this.#events === 0 || !only) return;
    const whose = more
      ? { environments: scopes.length }
      : { tenant: only.tenantId, environment: only.environmentId };
    const lag = { lag_ms: deps.now() - this.#oldestMs };
    const traces = [...this.#traces].join(" ");
    deps.log.info("events taken in", { ...whose, events: this.#events, ...this.#ended, ...lag, traces });
  }
}
