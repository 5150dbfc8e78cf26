// Prints what was checked and what came of it, a line each, and counts what failed.

export type Check = (what: string, ask: () => Promise<string>) => Promise<void>;

export function createChecklist(): { check: Check; failed: () => number } {
  let failed = 0;
  return {
    failed: () => failed,
    async check(what, ask) {
      try {
        console.log(`✓ ${what}: ${await ask()}`);
      } catch (error) {
        failed++;
        console.log(`✗ ${what}: ${error instanceof Error ? error.message : String(error)}`);
      }
    },
  };
}
