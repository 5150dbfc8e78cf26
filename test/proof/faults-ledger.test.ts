import { proveDatabase } from "./faults-databases.ts";

const SAID = {
  throws_before: "the ledger fails before each call of it in turn",
  throws_after: "the ledger fails after doing what it was asked, at each call in turn",
};

proveDatabase("ledger", SAID, { words: "the isolate dies around each call in turn", sample: 3 });
