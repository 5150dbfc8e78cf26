// npm run build:client: the client as a package of its own, dist/client, for whoever has no TypeScript: JavaScript with
// types, and of our dependencies the two that it needs.

import { execFileSync } from "node:child_process";
import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..");
const built = join(root, "dist", "client");
const { version, license, dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

rmSync(built, { recursive: true, force: true });
execFileSync(join(root, "node_modules", ".bin", "tsc"), ["-p", join(root, "client")], { stdio: "inherit" });

const entry = (name: string) => ({ types: `./${name}.d.ts`, default: `./${name}.js` });
const packageJson = {
  name: "quittance",
  version,
  description: "A typed client of Quittance's API.",
  license,
  type: "module",
  engines: { node: ">=20" },
  exports: {
    "./client": entry("index"),
    "./client/verify-notification": entry("verify-notification"),
  },
  dependencies: Object.fromEntries(
    ["openapi-fetch", "standardwebhooks"].map((name) => [name, dependencies[name]]),
  ),
};
writeFileSync(join(built, "package.json"), `${JSON.stringify(packageJson, null, 2)}\n`);
copyFileSync(join(root, "LICENSE"), join(built, "LICENSE"));
