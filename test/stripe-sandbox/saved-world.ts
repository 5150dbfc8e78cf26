// Keeps the sandbox's world in one JSON file. The file is replaced as a whole, so that a crash while
// writing leaves the last good one.

import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { World } from "./types.ts";
import { newWorld } from "./world.ts";

/** Changes come in bursts; one write serves all that happen within this time. */
const DEBOUNCE_MS = 200;

/** The world as it was saved, or undefined when there is no such file. Throws when it cannot be read. */
export async function loadWorld(path: string): Promise<World | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
  try {
    const saved: Partial<World> = JSON.parse(text);
    return { ...newWorld(), ...saved };
  } catch (cause) {
    throw new Error(`${path} is not a saved sandbox: delete it to begin anew`, { cause });
  }
}

/** `changed` saves soon, `flush` saves now what is not saved yet and waits for it. */
export function createWorldSaver(path: string): { changed(world: World): void; flush(): Promise<void> } {
  let unsaved: World | undefined;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  async function write(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const world = unsaved;
    unsaved = undefined;
    if (!world) return;
    await mkdir(dirname(path), { recursive: true });
    const temporary = `${path}.${process.pid}.tmp`;
    await writeFile(temporary, JSON.stringify(world), { mode: 0o600 });
    await rename(temporary, path);
  }

  function flush(): Promise<void> {
    const previous = writing;
    writing = previous.then(write, write);
    return writing;
  }

  return {
    changed(world) {
      unsaved = world;
      timer ??= setTimeout(() => {
        flush().catch((error: unknown) => console.error(`Stripe sandbox: cannot save ${path}`, error));
      }, DEBOUNCE_MS).unref();
    },
    flush,
  };
}
