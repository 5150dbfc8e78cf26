// Bindings that only tests have.

declare namespace Cloudflare {
  interface Env {
    SMALL_LIMIT: RateLimit;
    TEST_MIGRATIONS: import("cloudflare:test").D1Migration[];
    /** How many random histories to play; unset: some hundreds. */
    PROOF_HISTORIES?: string;
  }
}
