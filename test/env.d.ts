// Bindings that only tests have.

declare module "*.toml?raw" {
  const text: string;
  // biome-ignore lint/style/noDefaultExport: what Vite makes of a file.
  export default text;
}

declare namespace Cloudflare {
  interface Env {
    SMALL_LIMIT: RateLimit;
    TEST_MIGRATIONS: import("cloudflare:test").D1Migration[];
    ANSWER_SCHEMAS: import("./harness/answer-schemas.ts").AnswerSchemas;
    /** How long a queue's message may wait at most; 0: it does not. */
    QUEUE_JITTER_MS: string;
    /** Other numbers, other waits; unset: the same each time. */
    QUEUE_JITTER_SEED?: string;
    /** How many random histories to play; unset: some hundreds. */
    PROOF_HISTORIES?: string;
    /** `all`: every trouble at every passage. */
    PROOF_FAULTS?: string;
    /** How many invoices the load run has; unset: some tens. */
    PROOF_LOAD?: string;
    /** `all`: each pair of mutations 20 times. */
    PROOF_TWICE?: string;
    /** How many requests each route gets; unset: fifteen. */
    PROOF_FUZZ?: string;
    /** What they are made from; unset: always the same. */
    PROOF_FUZZ_SEED?: string;
  }
}
