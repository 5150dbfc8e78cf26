// The order of the rooms: a folder of src/ imports only from itself and from what stands to its right.
// The ledger has a wall besides: one door, and nothing inside that waits.

import { posix } from "node:path";

const OTHER_FILES_OF_SRC = "other files of src";

/** From left to right; rooms of one line do not import from one another. */
export const ROOMS: readonly (readonly string[])[] = [
  ["index"],
  ["app", "queue", "cron"],
  [OTHER_FILES_OF_SRC],
  ["docs"],
  ["dashboard"],
  ["exports", "issues"],
  ["notifications"],
  ["webhooks"],
  ["connect"],
  ["checkout", "subscriptions", "payments", "pay"],
  ["invoices"],
  ["customers"],
  ["connections"],
  ["mail"],
  ["stats"],
  ["directory"],
  ["http"],
  ["ledger"],
  ["platform"],
];

/** All that others may import of the ledger, types aside; the entry point also exports the object's class. */
const LEDGER_DOOR = "src/ledger/client.ts";
const LEDGER_CLASS = "src/ledger/ledger.ts";

/** Makes what every room is handed, the way to the ledgers with it. */
const MAKES_THE_DEPS = "src/platform/deps.ts";

/**
 * Says what breaks the order or the ledger's wall, a line each; empty where all is well.
 * @param files text by path from the repository's root, such as `src/http/list.ts`
 */
export function findBreaches(files: ReadonlyMap<string, string>): string[] {
  return [...files].flatMap(([path, text]) => {
    if (placeOf(path) === -1) return [`${path} is in no room of the order (test/rooms.ts)`];
    const words = importsOf(path, text).flatMap(({ target, typesOnly }) =>
      wordsAgainst(path, target, typesOnly),
    );
    return [...words, ...waitingIn(path, text)];
  });
}

type Import = { target: string; typesOnly: boolean };

const FROM = /^(?:import|export)\s+(type\s)?[^"';]*?\bfrom\s+"(\.[^"]+)"/gm;
const WITHOUT_NAMES = /\bimport[\s(]+"(\.[^"]+)"/g;

function importsOf(path: string, text: string): Import[] {
  const at = (specifier = "") => posix.join(posix.dirname(path), specifier);
  return [
    ...Array.from(text.matchAll(FROM), (found) => ({
      target: at(found[2]),
      typesOnly: found[1] !== undefined,
    })),
    ...Array.from(text.matchAll(WITHOUT_NAMES), (found) => ({ target: at(found[1]), typesOnly: false })),
  ];
}

function wordsAgainst(path: string, target: string, typesOnly: boolean): string[] {
  if (target.startsWith("test/")) return [`${path} imports ${target}: what is shipped needs no tests`];
  if (!target.startsWith("src/")) return [];
  const [from, to] = [roomOf(path), roomOf(target)];
  if (from === to) return [];
  if (path === MAKES_THE_DEPS && target === LEDGER_DOOR) return [];
  if (placeOf(target) <= placeOf(path)) return [`${path} imports ${target}, which is not to its right`];
  const open = target === LEDGER_DOOR || (target === LEDGER_CLASS && from === "index");
  if (to === "ledger" && !typesOnly && !open) {
    return [`${path} imports ${target}: outside the ledger only types and ${LEDGER_DOOR}`];
  }
  return [];
}

// A verb is one transaction because nothing in it waits.
function waitingIn(path: string, text: string): string[] {
  if (roomOf(path) !== "ledger" || [LEDGER_DOOR, LEDGER_CLASS].includes(path)) return [];
  return text.split("\n").flatMap((line, index) => {
    const code = line.replace(/^\s*(\/\/|\/?\*).*|\s\/\/ .*/, "");
    const word = /\b(async|await|Promise)\b/.exec(code)?.[0];
    return word === undefined ? [] : [`${path}:${index + 1} has ${word}: a verb never waits`];
  });
}

function placeOf(path: string): number {
  const room = roomOf(path);
  return ROOMS.findIndex((rooms) => rooms.includes(room));
}

function roomOf(path: string): string {
  const [, name = "", inFolder] = path.split("/");
  if (inFolder !== undefined) return name;
  const file = posix.parse(name).name;
  return ["index", "app", "queue", "cron"].includes(file) ? file : OTHER_FILES_OF_SRC;
}
