// Bindings that count what Cloudflare bills for their use. For one run that is counted; what is timed has the real
// ones.

export type Usage = {
  workerRequests: number;
  /** Written, read or deleted, by 64 KB of a message (https://developers.cloudflare.com/queues/platform/pricing/). */
  queueOperations: number;
  databaseRowsRead: number;
  databaseRowsWritten: number;
  /** Calls and alarms. */
  objectRequests: number;
  /** From a call to its answer. */
  objectMs: number;
  objectRowsRead: number;
  /** An alarm that is set is one, too. */
  objectRowsWritten: number;
  /** Beside the one that each invocation writes. */
  logLines: number;
  /**
   * Of a trace of everything, beside the one of each invocation
   * (https://developers.cloudflare.com/workers/observability/traces/spans-and-attributes/).
   */
  spans: number;
};

/** Where the counted Worker tells them. */
export const USAGE_PATH = "/bench/usage";

const CHUNK_BYTES = 64_000;
/** The caller's of its session and of the call. */
const CALL_SPANS = 2;
const WRITES = /^\s*(insert|update|delete|replace)\b/i;

/** What was used in this isolate, but for the rows of statements that may still be read. */
export const usage: Usage = {
  workerRequests: 0,
  queueOperations: 0,
  databaseRowsRead: 0,
  databaseRowsWritten: 0,
  objectRequests: 0,
  objectMs: 0,
  objectRowsRead: 0,
  objectRowsWritten: 0,
  logLines: 0,
  spans: 0,
};

// A cursor knows its rows once it was read to its end.
const cursors: SqlStorageCursor<Record<string, SqlStorageValue>>[] = [];

/** What was used in this isolate so far; asked when nothing runs. */
export function readUsage(): Usage {
  for (const { rowsRead, rowsWritten } of cursors.splice(0)) {
    usage.objectRowsRead += rowsRead;
    usage.objectRowsWritten += rowsWritten;
  }
  return usage;
}

/** Counts every statement of this object's database from now on, and every alarm that it sets. */
export function countStorage(storage: DurableObjectStorage): void {
  const { sql } = storage;
  const exec = sql.exec.bind(sql);
  sql.exec = ((query: string, ...values: SqlStorageValue[]) => {
    usage.spans += 1;
    const cursor = exec(query, ...values);
    cursors.push(cursor);
    return cursor;
  }) as typeof sql.exec;
  const setAlarm = storage.setAlarm.bind(storage);
  storage.setAlarm = (...values) => {
    usage.spans += 1;
    usage.objectRowsWritten += 1;
    return setAlarm(...values);
  };
}

/** Counts what is logged and fetched from now on. */
export function countOutput(): void {
  for (const level of ["debug", "info", "log", "warn", "error"] as const) {
    const write = console[level].bind(console);
    console[level] = (...values: unknown[]) => {
      usage.logLines += 1;
      write(...values);
    };
  }
  const real = globalThis.fetch.bind(globalThis);
  globalThis.fetch = (...values) => {
    usage.spans += 1;
    return real(...values);
  };
}

/** The same bindings, counted. */
export function countedEnv(env: Env): Env {
  return {
    ...env,
    DB: countedDatabase(env.DB),
    STRIPE_EVENTS: countedQueue(env.STRIPE_EVENTS),
    JOBS: countedQueue(env.JOBS),
    NOTIFICATIONS: countedQueue(env.NOTIFICATIONS),
    LEDGER: countedObjects(env.LEDGER),
  };
}

/** A batch costs a read for each message, also when it comes again, and a deletion when it comes first. */
export function countBatch({ messages }: MessageBatch<unknown>): void {
  for (const { body, attempts } of messages)
    usage.queueOperations += chunksOf(body) * (attempts === 1 ? 2 : 1);
}

function countedQueue(queue: Queue): Queue {
  return {
    send(body, options) {
      usage.spans += 1;
      usage.queueOperations += chunksOf(body);
      return queue.send(body, options);
    },
    sendBatch(messages, options) {
      usage.spans += 1;
      const all = [...messages];
      for (const { body } of all) usage.queueOperations += chunksOf(body);
      return queue.sendBatch(all, options);
    },
    metrics: () => queue.metrics(),
  };
}

/** Each call of an object's method is a request. */
function countedObjects(namespace: Env["LEDGER"]): Env["LEDGER"] {
  const getByName: Env["LEDGER"]["getByName"] = (name) =>
    new Proxy(namespace.getByName(name), {
      get:
        (stub, method) =>
        async (...values: unknown[]) => {
          usage.objectRequests += 1;
          usage.spans += CALL_SPANS;
          const beganMs = Date.now();
          try {
            return await Reflect.get(stub, method)(...values);
          } finally {
            usage.objectMs += Date.now() - beganMs;
          }
        },
    });
  return { getByName } as Env["LEDGER"];
}

function chunksOf(body: unknown): number {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return Math.ceil(new TextEncoder().encode(text).length / CHUNK_BYTES);
}

function countedDatabase(database: D1Database): D1Database {
  const real = new WeakMap<D1PreparedStatement, D1PreparedStatement>();
  const wrap = (text: string, statement: D1PreparedStatement): D1PreparedStatement => {
    const wrapped = {
      bind: (...values: unknown[]) => wrap(text, statement.bind(...values)),
      all: async () => counted(await statement.all()),
      run: async () => counted(await statement.run()),
      first: async (column?: string) => {
        const [row] = counted(await statement.all<Record<string, unknown>>()).results;
        return column === undefined ? (row ?? null) : (row?.[column] ?? null);
      },
      // `raw` tells no counts. A reading is asked twice, since rows as objects lose columns of one name; a
      // writing cannot be, and returns columns of one table.
      raw: async () => {
        const { results } = counted(await statement.all<Record<string, unknown>>());
        return WRITES.test(text) ? results.map((row) => Object.values(row)) : statement.raw();
      },
    } as unknown as D1PreparedStatement;
    real.set(wrapped, statement);
    return wrapped;
  };
  const counting = {
    prepare: (text: string) => wrap(text, database.prepare(text)),
    async batch<T>(statements: D1PreparedStatement[]) {
      const results = await database.batch<T>(statements.map((one) => real.get(one) ?? one));
      return results.map(counted);
    },
  };
  return counting as unknown as D1Database;
}

function counted<T extends { meta: D1Meta }>(result: T): T {
  usage.spans += 1;
  usage.databaseRowsRead += result.meta.rows_read;
  usage.databaseRowsWritten += result.meta.rows_written;
  return result;
}
