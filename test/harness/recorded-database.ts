// Every statement that the directory and an environment's ledger are given, and how SQLite goes about it, whichever
// way it reaches the ledger's database.

import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { ledgerName } from "../../src/ledger/client.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import type { Scope } from "../../src/platform/deps.ts";
import { guardedLedgers } from "./guarded-ledgers.ts";

/** A statement, and SQLite's plan for it, one line a step. */
export type Asked = { text: string; plan: string[] };

export type Recording = {
  asked: Asked[];
  /** Statements of the directory and calls of ledgers: each is a round trip, or a part of one. */
  passages: number;
};

type Bindings = { DB: D1Database; LEDGER: DurableObjectNamespace<Ledger> };

/** @param scope whose ledger's statements are taken down; calls of others are only counted */
export async function record(
  scope: Scope,
  work: (bindings: Bindings) => Promise<unknown>,
): Promise<Recording> {
  let calls = 0;
  const LEDGER = guardedLedgers(async (run) => {
    calls += 1;
    return run();
  });
  const directory = recordedDirectory();
  const ofLedger = await takeDown(scope, () => work({ DB: directory.binding, LEDGER }));
  const ofDirectory = await Promise.all(directory.given.map(explained));
  return { asked: [...ofDirectory, ...ofLedger], passages: directory.given.length + calls };
}

type Given = { text: string; values: unknown[] };

function recordedDirectory() {
  const given: Given[] = [];
  const real = new WeakMap<object, { statement: D1PreparedStatement; one: Given }>();
  const wrap = (statement: D1PreparedStatement, one: Given): D1PreparedStatement => {
    const noted = <T>(run: () => Promise<T>): Promise<T> => {
      given.push(one);
      return run();
    };
    const wrapped = {
      bind: (...values: unknown[]) => wrap(statement.bind(...values), { ...one, values }),
      all: () => noted(() => statement.all()),
      run: () => noted(() => statement.run()),
      raw: () => noted(() => statement.raw()),
      first: () => noted(() => statement.first()),
    };
    real.set(wrapped, { statement, one });
    return wrapped as unknown as D1PreparedStatement;
  };
  const binding = {
    prepare: (text: string) => wrap(env.DB.prepare(text), { text, values: [] }),
    batch: (statements: D1PreparedStatement[]) => {
      const known = statements.flatMap((statement) => real.get(statement) ?? []);
      given.push(...known.map(({ one }) => one));
      return env.DB.batch(known.map(({ statement }) => statement));
    },
  } as unknown as D1Database;
  return { given, binding };
}

async function explained({ text, values }: Given): Promise<Asked> {
  const query = env.DB.prepare(`EXPLAIN QUERY PLAN ${text}`).bind(...values);
  return { text, plan: (await query.all<{ detail: string }>()).results.map(({ detail }) => detail) };
}

/** Inside the object, where a verb's own statements pass by. */
async function takeDown(scope: Scope, work: () => Promise<unknown>): Promise<Asked[]> {
  const asked: Asked[] = [];
  const stop = await runInDurableObject(
    env.LEDGER.getByName(ledgerName(scope)),
    (_, { storage: { sql } }: DurableObjectState) => {
      const exec = sql.exec.bind(sql) as SqlStorage["exec"];
      sql.exec = (text: string, ...values: unknown[]) => {
        if (/^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b/i.test(text)) {
          const plan = exec<{ detail: string }>(`EXPLAIN QUERY PLAN ${text}`, ...values).toArray();
          asked.push({ text, plan: plan.map(({ detail }) => detail) });
        }
        return exec(text, ...values);
      };
      return () => Reflect.deleteProperty(sql, "exec");
    },
  );
  try {
    await work();
  } finally {
    stop();
  }
  return asked;
}
