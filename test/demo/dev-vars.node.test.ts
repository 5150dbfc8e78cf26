import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readConfig } from "../../src/platform/config.ts";
import { completeDevVars, ensureDevVars } from "./dev-vars.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dev-vars-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe("the secrets for wrangler dev", () => {
  it("are made where there are none, and are such as the Worker takes", () => {
    const { text, made } = completeDevVars("");
    expect(made).toEqual(["ROOT_TOKEN", "ENCRYPTION_KEYS"]);
    expect(readConfig(parseEnv(text))).toMatchObject({ ok: true });
  });

  it("differ each time", () => {
    const [first, second] = [parseEnv(completeDevVars("").text), parseEnv(completeDevVars("").text)];
    expect(first.ROOT_TOKEN).not.toBe(second.ROOT_TOKEN);
    expect(first.ENCRYPTION_KEYS).not.toBe(second.ENCRYPTION_KEYS);
  });

  it("are filled in where the example's lines are blank, once each", async () => {
    const example = await readFile(join(import.meta.dirname, "../../.dev.vars.example"), "utf8");
    const { text, made } = completeDevVars(example);
    expect(made).toHaveLength(2);
    expect(text.match(/^ROOT_TOKEN=/gm)).toHaveLength(1);
    expect(readConfig(parseEnv(text))).toMatchObject({ ok: true });
  });

  it("stay as they are when they are there, with every other line", () => {
    const own = `# mine\nROOT_TOKEN="of my own"\nSTRIPE_API_BASE=http://127.0.0.1:1\nENCRYPTION_KEYS= ''\n`;
    const { text, made } = completeDevVars(own);
    expect(made).toEqual(["ENCRYPTION_KEYS"]);
    expect(text.split("\n").slice(0, 3)).toEqual(own.split("\n").slice(0, 3));
    expect(completeDevVars(text)).toEqual({ text, made: [] });
  });

  it("are in a file that its owner alone may read, and a second run leaves it alone", async () => {
    const path = join(folder, ".dev.vars");
    const first = await ensureDevVars(path);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const written = await readFile(path, "utf8");
    expect(await ensureDevVars(path)).toEqual({ made: [], rootToken: first.rootToken });
    expect(await readFile(path, "utf8")).toBe(written);
  });

  it("never overwrite a file that cannot be read", async () => {
    await writeFile(join(folder, "file"), "");
    await expect(ensureDevVars(join(folder, "file", ".dev.vars"))).rejects.toThrow("ENOTDIR");
  });
});
