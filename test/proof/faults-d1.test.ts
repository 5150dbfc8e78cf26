import { proveDatabase } from "./faults-databases.ts";

const SAID = {
  throws_before: "the directory throws before doing each statement in turn",
  throws_after: "the directory throws after doing each statement in turn",
};

proveDatabase("d1", SAID, { words: "the isolate dies around each statement in turn", sample: 1 });
