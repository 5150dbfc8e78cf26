// One environment's ledger: a Durable Object with a SQLite database of its own. It is asked by verbs, each of
// which is one transaction; nobody comes between its reading and its writing, because it never waits.

import { DurableObject } from "cloudflare:workers";
import { type DrizzleSqliteDODatabase, drizzle } from "drizzle-orm/durable-sqlite";
import { AppError } from "../platform/app-error.ts";
import { newId } from "../platform/ids.ts";
import { type Actor, type Jurisdiction, type Scope, toScope } from "../platform/scope.ts";
import { type Answer, toProblem } from "./answer.ts";
import type { Book } from "./book.ts";
import { migrate, schemaVersion } from "./migrate.ts";
import { Sql } from "./sql.ts";
import { VERBS, type Verb, type VerbName } from "./verbs.ts";

/** What is asked, by whom, and when. */
export type Call = { verb: VerbName; input: unknown; scope: Scope; actor: Actor; nowMs: number };

/** Whose ledger it is, as the directory says. */
export type Identity = Scope & { livemode: boolean };

export class Ledger extends DurableObject<Env> {
  readonly #sql: Sql;
  readonly #db: DrizzleSqliteDODatabase;
  #identity: Identity | null = null;
  /** Kept in memory: should a call that came before the directory knew still provision it, it is refused. */
  #isErased = false;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#sql = new Sql(ctx.storage.sql);
    this.#db = drizzle(ctx.storage);
    // One that was never provisioned writes nothing, not even its tables.
    if (schemaVersion(ctx.storage.sql) === 0) return;
    migrate(ctx.storage);
    this.#identity = this.#readIdentity();
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
      this.#sql.run(
        `INSERT INTO environment (one, tenant_id, environment_id, jurisdiction, livemode, settings_updated_at_ms)
         VALUES (1, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
        identity.tenantId,
        identity.environmentId,
        identity.jurisdiction ?? null,
        identity.livemode ? 1 : 0,
        nowMs,
      );
    });
    this.#identity = this.#readIdentity();
  }

  /** Runs one verb in one transaction. What a verb throws as AppError is its answer; all else is thrown on. */
  call({ verb: name, input, scope, actor, nowMs }: Call): Answer<unknown> {
    if (!this.#identity) return { ok: false, unprovisioned: true };
    this.#mustBe(scope);
    if (!Object.hasOwn(VERBS, name)) throw new Error(`The ledger has no verb '${name}'.`);
    const verb = VERBS[name] as Verb;
    const { livemode, ...mine } = this.#identity;
    const book: Book = {
      sql: this.#sql,
      db: this.#db,
      scope: mine,
      livemode,
      actor,
      nowMs,
      newId,
      wanted: [],
    };
    try {
      const value = this.ctx.storage.transactionSync(() => verb(book, input as never));
      return { ok: true, value, wanted: book.wanted };
    } catch (error) {
      if (error instanceof AppError) return { ok: false, problem: toProblem(error) };
      throw error;
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
    await this.ctx.storage.deleteAll();
  }

  #mustBe({ tenantId, environmentId }: Scope): void {
    const mine = this.#identity;
    if (mine?.tenantId === tenantId && mine.environmentId === environmentId) return;
    throw new Error("This ledger is another environment's.");
  }

  #readIdentity(): Identity | null {
    const row = this.#sql.first<{
      tenant_id: string;
      environment_id: string;
      jurisdiction: Jurisdiction | null;
      livemode: number;
    }>("SELECT tenant_id, environment_id, jurisdiction, livemode FROM environment");
    if (!row) return null;
    const { tenant_id: tenantId, environment_id: environmentId, jurisdiction } = row;
    return { ...toScope({ tenantId, environmentId, jurisdiction }), livemode: row.livemode === 1 };
  }
}
