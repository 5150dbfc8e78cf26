// npm run scalar: writes Scalar's API reference, one file of a published package, among the Worker's own assets. The
// package itself would bring 180 others, 310 MB, for that file. What npm has to hand out is pinned below: for another
// version, change VERSION and INTEGRITY here and the address in src/docs/reference-page.tsx.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const VERSION = "1.76.0";
// `npm view @scalar/api-reference@VERSION dist.integrity`
const INTEGRITY =
  "sha512-pjqwnzmA9YK3ZX+IZSICMsywm4qI6HLSngR2py9H6TvFApHHuJjkTAd+gFJfnqJDzJuro8k7ji6JCtJ2U+Byng==";

const target = join(import.meta.dirname, "..", "..", "assets", "docs", `scalar-${VERSION}.js`);
const folder = mkdtempSync(join(tmpdir(), "scalar-"));
try {
  execFileSync("npm", ["pack", "--silent", `@scalar/api-reference@${VERSION}`], { cwd: folder });
  const [archive = ""] = readdirSync(folder);
  const hash = createHash("sha512")
    .update(readFileSync(join(folder, archive)))
    .digest("base64");
  if (`sha512-${hash}` !== INTEGRITY) throw new Error(`${archive} is not what was pinned: sha512-${hash}`);
  execFileSync("tar", ["xzf", archive, "package/dist/browser/standalone.js"], { cwd: folder });
  const script = readFileSync(join(folder, "package", "dist", "browser", "standalone.js"), "utf8");
  // The map is not served.
  writeFileSync(target, script.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n"));
  console.log(`${target}: ${Math.round(script.length / 1000)} kB`);
} finally {
  rmSync(folder, { recursive: true });
}
