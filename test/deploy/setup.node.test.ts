import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readConfig } from "../../src/platform/config.ts";
import { makeResources } from "../../tools/deploy/resources.ts";
import { secretsFile, setSecrets } from "../../tools/deploy/secrets.ts";
import { readTarget } from "../../tools/deploy/target.ts";
import { createWrangler, type Runner } from "../../tools/deploy/wrangler.ts";
import { writeVars } from "../../tools/deploy/write-vars.ts";

const target = readTarget("staging");
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "setup-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** A Cloudflare account in as much as wrangler's words tell of one. */
function account() {
  const there = { databases: new Set<string>(), queues: new Set<string>() };
  const secrets: Record<string, string> = {};
  const commands: string[] = [];
  let isBroken = false;
  const run: Runner = async ([noun = "", verb = "", name = ""]) => {
    commands.push(`${noun} ${verb} ${name}`);
    if (isBroken) return { code: 1, output: "A request to the Cloudflare API failed. Authentication error" };
    const set = noun === "d1" ? there.databases : there.queues;
    if (verb === "create") set.add(name);
    if (verb === "info" && !set.has(name)) {
      const words =
        noun === "d1" ? `Couldn't find a D1 DB named '${name}'` : `Queue "${name}" does not exist.`;
      return { code: 1, output: words };
    }
    if (verb === "bulk") Object.assign(secrets, JSON.parse(await readFile(join(folder, name), "utf8")));
    if (verb === "list" && Object.keys(secrets).length === 0)
      return { code: 1, output: 'Worker "quittance-staging" not found.' };
    const listed = Object.keys(secrets).map((secret) => ({ name: secret, type: "secret_text" }));
    return { code: 0, output: verb === "list" ? JSON.stringify(listed) : "" };
  };
  const said: string[] = [];
  const wrangler = createWrangler(false, (line) => said.push(line), run);
  return { there, secrets, commands, said, wrangler, break: () => (isBroken = true) };
}

describe("setting an account up", () => {
  it("makes the database and each queue with its dead-letter queue, and again changes nothing", async () => {
    const { there, commands, wrangler } = account();
    await makeResources(wrangler, target, () => {});
    expect([...there.databases]).toEqual(["quittance-staging"]);
    expect([...there.queues].sort()).toEqual([
      "quittance-staging-jobs",
      "quittance-staging-jobs-dead",
      "quittance-staging-notifications",
      "quittance-staging-notifications-dead",
      "quittance-staging-stripe-events",
      "quittance-staging-stripe-events-dead",
    ]);
    commands.length = 0;
    await makeResources(wrangler, target, () => {});
    expect(commands.filter((command) => command.includes("create"))).toEqual([]);
  });

  it("makes secrets that the Worker takes, and keeps them in a file that its owner alone may read", async () => {
    const { secrets, wrangler } = account();
    expect(await setSecrets(wrangler, target, folder, {})).toEqual(["ROOT_TOKEN", "ENCRYPTION_KEYS"]);
    const file = secretsFile(folder, target);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(parseEnv(await readFile(file, "utf8"))).toEqual(secrets);
    expect(readConfig(secrets)).toMatchObject({ ok: true });
  });

  it("never writes a secret over that is there, and sets one that is missing alone", async () => {
    const { secrets, wrangler } = account();
    await setSecrets(wrangler, target, folder, {});
    const made = { ...secrets };
    expect(await setSecrets(wrangler, target, folder, { ROOT_TOKEN: "another" })).toEqual([]);
    expect(secrets).toEqual(made);
    delete secrets.ROOT_TOKEN;
    await rm(secretsFile(folder, target));
    expect(await setSecrets(wrangler, target, folder, {})).toEqual(["ROOT_TOKEN"]);
    expect(secrets.ENCRYPTION_KEYS).toBe(made.ENCRYPTION_KEYS);
  });

  it("sets what the environment variables say, and after a failure the same that it had made", async () => {
    const first = account();
    first.break();
    await expect(setSecrets(first.wrangler, target, folder, {})).rejects.toThrow("Authentication error");
    const given = { ROOT_TOKEN: "f".repeat(16) + "0123456789abcdef".repeat(3) };
    const { secrets, wrangler } = account();
    await setSecrets(wrangler, target, folder, given);
    expect(secrets.ROOT_TOKEN).toBe(given.ROOT_TOKEN);
    const again = account();
    await setSecrets(again.wrangler, target, folder, {});
    expect(again.secrets).toEqual(secrets);
  });

  it("stops with wrangler's words where it cannot be told what is there", async () => {
    const broken = account();
    broken.break();
    await expect(makeResources(broken.wrangler, target, () => {})).rejects.toThrow("Authentication error");
    expect(broken.commands).toEqual(["d1 info quittance-staging"]);
  });

  it("prints every command in a dry run, and runs none", async () => {
    const said: string[] = [];
    const wrangler = createWrangler(
      true,
      (line) => said.push(line),
      async () => {
        throw new Error("A dry run asks nothing.");
      },
    );
    await makeResources(wrangler, target, () => {});
    expect(await setSecrets(wrangler, target, folder, {})).toEqual(["ROOT_TOKEN", "ENCRYPTION_KEYS"]);
    for (const queue of target.queues)
      expect(said).toContain(`$ npx wrangler queues create ${queue} --env=staging`);
    expect(said).toContain("$ npx wrangler d1 create quittance-staging --env=staging");
    expect(said.at(-1)).toBe("$ npx wrangler secret bulk .secrets/staging.upload.json --env=staging");
    await expect(stat(join(folder, ".secrets"))).rejects.toThrow("ENOENT");
  });
});

describe("vars that are given", () => {
  const toml =
    '# mine\n[vars]\nPUBLIC_URL = ""\n# who\nEMAIL_FROM = ""\n[env.staging.vars]\nPUBLIC_URL = ""\n';

  it("are written where their environment has them, every other line untouched", () => {
    const url = "https://staging.example.com";
    const lines = writeVars(toml, "staging", { PUBLIC_URL: url }).split("\n");
    expect(lines).toEqual(toml.split("\n").with(6, `PUBLIC_URL = "${url}"`));
    const top = writeVars(toml, null, { EMAIL_FROM: 'A "b" <a@b.example>' });
    expect(top).toContain('\nEMAIL_FROM = "A \\"b\\" <a@b.example>"\n');
  });

  it("are refused where there is no line for them", () => {
    expect(() => writeVars(toml, "staging", { EMAIL_FROM: "a" })).toThrow(
      "wrangler.toml has no EMAIL_FROM under [env.staging.vars].",
    );
  });
});
