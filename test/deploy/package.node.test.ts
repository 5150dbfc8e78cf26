import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { unstable_readConfig } from "wrangler";
import { migrate } from "../../tools/deploy/resources.ts";
import { CONFIG, ROOT, readTarget } from "../../tools/deploy/target.ts";
import type { Wrangler } from "../../tools/deploy/wrangler.ts";

const read = async (file: string) => JSON.parse(await readFile(join(ROOT, file), "utf8"));

it("the deploy button has words for every secret, var, database, object and queue of wrangler.toml, and no others", async () => {
  const { cloudflare } = await read("package.json");
  const config = unstable_readConfig({ config: CONFIG });
  const names = [
    ...config.secrets.required,
    ...Object.keys(config.vars),
    ...config.d1_databases.map(({ binding }: { binding: string }) => binding),
    ...config.durable_objects.bindings.map(({ name }: { name: string }) => name),
    ...config.queues.producers.map(({ binding }: { binding: string }) => binding),
  ];
  expect(Object.keys(cloudflare.bindings).sort()).toEqual(names.sort());
  for (const { description } of Object.values<{ description: string }>(cloudflare.bindings))
    expect(description.length).toBeGreaterThan(20);
});

// https://developers.cloudflare.com/workers/platform/deploy-buttons/
it("the deploy button finds what it asks for and makes: secrets, names, and a deploy that migrates by the binding", async () => {
  const { scripts } = await read("package.json");
  const config = unstable_readConfig({ config: CONFIG });
  const example = await readFile(join(ROOT, ".dev.vars.example"), "utf8");
  const asked = Array.from(example.matchAll(/^(\w+)=(.*)$/gm), ([, name, value]) => [name, value]);
  // Empty: nobody deploys with a secret that is public.
  expect(asked).toEqual(config.secrets.required.map((name: string) => [name, ""]));
  expect(config.d1_databases).toMatchObject([{ binding: "DB", database_name: "quittance" }]);
  const { producers, consumers } = config.queues;
  const consumed = (consumers ?? []).map(({ queue }: { queue: string }) => queue);
  for (const { queue } of producers)
    expect(consumed).toEqual(expect.arrayContaining([queue, `${queue}-dead`]));
  // It runs `build` where there is one, and then `deploy`.
  expect(scripts).not.toHaveProperty("build");
  expect(scripts.deploy).toContain("tools/deploy/deploy.ts");
  const asWritten: string[][] = [];
  const noted = { change: async (args: string[]) => void asWritten.push(args) };
  await migrate(noted as unknown as Wrangler, readTarget(null));
  expect(asWritten).toEqual([["d1", "migrations", "apply", "DB", "--remote", "--env="]]);
});

it("Renovate has a reason for each rule, and names only packages that are there", async () => {
  const { dependencies, devDependencies } = await read("package.json");
  const { packageRules } = await read("renovate.json");
  const present = Object.keys({ ...dependencies, ...devDependencies });
  for (const { description, matchPackageNames } of packageRules) {
    expect(description).toMatch(/\.$/);
    expect(present).toEqual(expect.arrayContaining(matchPackageNames));
  }
  const named = packageRules.flatMap(
    ({ matchPackageNames }: { matchPackageNames: string[] }) => matchPackageNames,
  );
  // What is left out may move by the general rule.
  expect(present.filter((name) => !named.includes(name))).toEqual([
    "openapi-fetch",
    "lean-qr",
    "marked",
    "typescript",
  ]);
});

it("every script that the documents name is there", async () => {
  const { scripts } = await read("package.json");
  const documents = (await readdir(join(ROOT, "docs"))).filter((name) => name.endsWith(".md"));
  const files = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "renovate.json"];
  for (const file of [...files, ...documents.map((name) => join("docs", name))]) {
    const text = await readFile(join(ROOT, file), "utf8");
    for (const [, name = ""] of text.matchAll(/npm run (?:--silent )?([a-z][a-z0-9:-]*)/g))
      expect(Object.keys(scripts), `npm run ${name} of ${file}`).toContain(name);
  }
});
