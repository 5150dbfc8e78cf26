// One environment's ledger: a Durable Object with a SQLite database of its own. It is asked by verbs, each of
// which is one transaction; nobody comes between its reading and its writing, because it never waits.

import { DurableObject } from "cloudflare:workers";
import { drizzle } from "drizzle-orm/durable-sqlite";
import { AppError } from "../platform/app-error.ts";
import { readConfig } from "../platform/config.ts";
import { enqueueWanted, type Wanted } from "../platform/enqueue-wanted.ts";
import { createQueues, type Queues } from "../platform/jobs.ts";
import { createLogger, errorText, type Logger } from "../platform/logger.ts";
import type { Actor, Scope } from "../platform/scope.ts";
import { retentionDaysOf } from "../platform/validate-settings.ts";
import { type Answer, toProblem } from "./answer.ts";
import type { Book } from "./book.ts";
import { CHORES, type Chore } from "./chores.ts";
import { Faults } from "./faults.ts";
import { type Identity, readIdentity, writeIdentity } from "./identity.ts";
import { migrate, schemaVersion } from "./migrate.ts";
import { QueueLanes } from "./outbox/queue-lanes.ts";
import { Pulse } from "./pulse/pulse.ts";
import { Sql } from "./sql.ts";
import { type By, type LedgerMemory, transact } from "./transact.ts";
import { VERBS, type Verb, type VerbName, WRITES } from "./verbs.ts";

/** What is asked, by whom, and when. */
export type Call = {
  verb: VerbName;
  input: unknown;
  scope: Scope;
  actor: Actor;
  /** ms */
  nowMs: number;
  sendsMail: boolean;
  trace?: string;
};

const ALARM: Actor = { kind: "cron", id: null, ip: null };
// Rows a chore; what is left is done at once again, after the calls that came meanwhile.
const CHORE_BUDGET = 500;
// What is old is looked for daily, also where nothing else wakes it.
const FIRST_ALARM_MS = 24 * 60 * 60_000;
const LONGEST_SLEEP_MS = 365 * 24 * 60 * 60 * 1000;
const CHORE_FAILED_MS = 60_000;

export class Ledger extends DurableObject<Env> {
  readonly #sql: Sql;
  readonly #memory: LedgerMemory;
  readonly #queues: Queues;
  readonly #pulse: Pulse;
  readonly #faults: Faults;
  #identity: Identity | null = null;
  /** Kept in memory: should a call that came before the directory knew still provision it, it is refused. */
  #isErased = false;
  /** When the alarm rings, ms. Kept here, so that it is written only to make it ring sooner. */
  #alarmAtMs: number | null = null;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#sql = new Sql(ctx.storage.sql);
    this.#queues = createQueues(env);
    this.#faults = new Faults(ctx.storage);
    this.#memory = {
      storage: ctx.storage,
      sql: this.#sql,
      db: drizzle(this.#sql.storageOf(ctx.storage)),
      leases: new Map(),
      lanes: new QueueLanes(),
      unsummed: { events: 0 },
      newestEvent: { seq: null },
      admitted: { minute: null, day: null },
      retentionDays: retentionDaysOf(env),
    };
    this.#pulse = new Pulse(this.#memory);
    // One that was never provisioned writes nothing, not even its tables.
    if (schemaVersion(ctx.storage.sql) === 0) return;
    this.#faults.migrate();
    this.#identity = readIdentity(this.#sql);
    void ctx.blockConcurrencyWhile(async () => {
      this.#alarmAtMs = await ctx.storage.getAlarm();
    });
  }

  /** Rows read and written since the object began, for tests. */
  get rows(): { read: number; written: number } {
    return { read: this.#sql.read, written: this.#sql.written };
  }

  /**
   * Makes it the ledger of an environment that the directory knows. Again for the same one it changes nothing.
   * @throws Error when it is another environment's
   */
  provision(identity: Identity, nowMs: number): void {
    if (this.#identity) {
      this.#mustBe(identity);
      return;
    }
    if (this.#isErased) return;
    const { storage } = this.ctx;
    storage.transactionSync(() => {
      migrate(storage);
      writeIdentity(this.#sql, identity, nowMs);
    });
    this.#identity = readIdentity(this.#sql);
    this.#wake(nowMs + FIRST_ALARM_MS);
  }

  /** Runs one verb in one transaction. What a verb throws as AppError is its answer; all else is thrown on. */
  call({ verb: name, input, scope, ...by }: Call): Answer<unknown> {
    if (!this.#identity) return { ok: false, unprovisioned: true };
    this.#mustBe(scope);
    if (!Object.hasOwn(VERBS, name)) throw new Error(`The ledger has no verb '${name}'.`);
    const verb = VERBS[name] as Verb;
    const { refusal } = this.#faults;
    if (refusal) {
      this.#showPulse("change");
      return { ok: false, problem: toProblem(refusal) };
    }
    const writtenBefore = this.#sql.written;
    try {
      const { value, wanted } = this.#run(this.#identity, by, (book) => verb(book, input as never));
      this.#faults.isOver(name);
      if (Object.hasOwn(WRITES, name) && this.#sql.written > writtenBefore) this.#showPulse("change");
      return { ok: true, value, wanted };
    } catch (error) {
      if (error instanceof AppError) return { ok: false, problem: toProblem(error) };
      const behind = this.#faults.note(name, error);
      if (behind === null) throw error;
      this.#showPulse("change");
      return { ok: false, problem: toProblem(behind) };
    }
  }

  /**
   * Deletes all that it has, its alarm too, and refuses every call from then on: the directory knows no such
   * environment any more, so that nobody provisions it anew. Again it changes nothing.
   */
  async erase(scope: Scope): Promise<void> {
    if (this.#identity) this.#mustBe(scope);
    this.#isErased = true;
    this.#identity = null;
    this.#alarmAtMs = null;
    await this.ctx.storage.deleteAll();
  }

  /** Each chore in its turn; one that fails does not keep the others from theirs. */
  override async alarm(): Promise<void> {
    this.#alarmAtMs = null;
    if (!this.#identity) return;
    let nextAtMs = Date.now() + CHORE_FAILED_MS;
    if (this.#faults.refusal) this.#faults.migrate();
    if (this.#faults.refusal) {
      this.#wake(nextAtMs);
      this.#showPulse("alarm");
      return;
    }
    try {
      const next = [];
      for (const chore of CHORES) next.push(await this.#doChore(this.#identity, chore));
      nextAtMs = Math.min(...next);
    } finally {
      this.#wake(nextAtMs);
    }
    this.#showPulse("alarm");
  }

  /** When it has something to do next, ms. */
  async #doChore(identity: Identity, chore: Chore): Promise<number> {
    const by = { actor: ALARM, nowMs: Date.now(), sendsMail: this.#sendsMail };
    const { tenantId: tenant, environmentId: environment } = identity;
    const log = createLogger({ tenant, environment, chore: chore.name });
    try {
      const { value, wanted } = this.#run(identity, by, (book) => chore.run(book, CHORE_BUDGET));
      this.#faults.isOver(chore.name);
      const nextAtMs = value.more ? by.nowMs : (value.nextAtMs ?? Number.POSITIVE_INFINITY);
      if (await this.#enqueue(identity, wanted, log)) return nextAtMs;
      for (const { id } of wanted) this.#memory.lanes.leave(id);
      this.#run(identity, by, (book) => chore.onRefused?.(book, wanted));
    } catch (error) {
      this.#faults.note(chore.name, error);
      log.error("chore failed", { error: errorText(error) });
    }
    return by.nowMs + CHORE_FAILED_MS;
  }

  get #sendsMail(): boolean {
    const read = readConfig(this.env);
    return read.ok && read.config.email !== null;
  }

  async #enqueue(scope: Scope, wanted: readonly Wanted[], log: Logger): Promise<boolean> {
    try {
      await enqueueWanted(this.#queues, scope, wanted);
      return true;
    } catch (error) {
      log.warn("queue refused", { count: wanted.length, error: errorText(error) });
      return false;
    }
  }

  /** What it wants done outside is only said once it is committed. */
  #run<T>(identity: Identity, by: By, work: (book: Book) => T): { value: T; wanted: Wanted[] } {
    const { value, wanted, wakeAtMs } = transact(this.#memory, identity, by, work);
    this.#wake(wakeAtMs);
    return { value, wanted };
  }

  #wake(atMs: number): void {
    // One that was erased meanwhile keeps nothing, no alarm either.
    if (!this.#identity || atMs >= (this.#alarmAtMs ?? Number.POSITIVE_INFINITY)) return;
    // A row may hold what is no time: it keeps nothing else from being done.
    const lastMs = Date.now() + LONGEST_SLEEP_MS;
    this.#alarmAtMs = atMs > 0 ? Math.min(atMs, lastMs) : Date.now();
    // Not waited for: it is written together with what the transaction wrote.
    void this.ctx.storage.setAlarm(this.#alarmAtMs);
  }

  /** For cron, where the alarm is overdue: it has failed too often, and rings now. */
  async poke(scope: Scope): Promise<void> {
    if (!this.#identity) return;
    this.#mustBe(scope);
    this.#alarmAtMs = Date.now();
    await this.ctx.storage.setAlarm(this.#alarmAtMs);
  }

  /** Tells the directory how it stands, without keeping the caller waiting; within the minute, by the alarm. */
  #showPulse(after: "change" | "alarm"): void {
    const nowMs = Date.now();
    const dueAtMs = this.#identity && this.#pulse.dueAtMs(after, nowMs, this.#faults.words);
    if (!this.#identity || dueAtMs === null) return;
    if (dueAtMs > nowMs) this.#wake(dueAtMs);
    else this.ctx.waitUntil(this.#tell(this.#identity));
  }

  /** Never throws. */
  async #tell(identity: Identity): Promise<void> {
    const [nowMs, nextMs, fault] = [Date.now(), this.#alarmAtMs, this.#faults.words];
    try {
      const beat =
        fault === null
          ? this.#pulse.beat(this.env.DB, identity, nextMs, nowMs)
          : this.#pulse.beatOfFault(this.env.DB, identity, fault, nextMs, nowMs);
      await beat.run();
    } catch (error) {
      this.#pulse.wasLost();
      const { tenantId: tenant, environmentId: environment } = identity;
      createLogger({ tenant, environment }).warn("pulse not told", { error: errorText(error) });
    }
  }

  #mustBe({ tenantId, environmentId }: Scope): void {
    const mine = this.#identity;
    if (mine?.tenantId === tenantId && mine.environmentId === environmentId) return;
    throw new Error("This ledger is another environment's.");
  }
}
