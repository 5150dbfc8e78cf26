// Builds what this package exports, dist/client, of client/*.ts: npm calls it after an install here, before it packs, and
// in the clone when the package is installed from Git. JavaScript, because whatever Node there is runs it.

import { execFileSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const tsc = join(root, "node_modules", "typescript", "bin", "tsc");

// Where devDependencies are left out there is nothing to build it with, and nobody who packs it.
if (existsSync(tsc)) {
  rmSync(join(root, "dist", "client"), { recursive: true, force: true });
  execFileSync(process.execPath, [tsc, "-p", join(root, "client")], { stdio: "inherit" });
}
