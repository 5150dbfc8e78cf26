// The client without TypeScript, without this repository and without the network: this package is packed and installed
// into an empty folder, and used there by the machine's own Node.js.

import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newSigningSecret, signMessage } from "../../src/notifications/sign-message.ts";

const root = join(import.meta.dirname, "..", "..");
// What it needs, and what that needs, out of our own node_modules: a registry is not asked.
const NEEDED = [
  ...["openapi-fetch", "openapi-typescript-helpers"],
  ...["standardwebhooks", "@stablelib/base64", "fast-sha256"],
];

// Not the Node.js that npm ci brought, but whatever a stranger has.
const path = (process.env.PATH ?? "").split(delimiter).filter((folder) => !folder.includes("node_modules"));
const env = { ...process.env, PATH: path.join(delimiter), NODE_OPTIONS: "" };

const folder = mkdtempSync(join(tmpdir(), "quittance-client-"));
afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(() => {
  const packed = join(folder, "packed");
  mkdirSync(packed);
  const quiet = ["--silent", "--pack-destination", packed];
  execFileSync("npm", ["pack", ...quiet, root], { cwd: folder, env, stdio: "pipe" });
  const needed = NEEDED.map((name) => join(root, "node_modules", name));
  execFileSync("npm", ["pack", ...quiet, "--ignore-scripts", ...needed], { cwd: folder, env, stdio: "pipe" });
  writeFileSync(join(folder, "package.json"), '{ "name": "stranger", "private": true, "type": "module" }\n');
  const files = readdirSync(packed).map((name) => join(packed, name));
  const offline = ["--silent", "--ignore-scripts", "--offline", "--no-audit", "--no-fund"];
  execFileSync("npm", ["install", ...offline, ...files], { cwd: folder, env, stdio: "pipe" });
}, 120_000);

test("of all that the Worker is made of, it brings the two packages that it needs and what they need", () => {
  const installed = readdirSync(join(folder, "node_modules")).filter((name) => !name.startsWith("."));
  expect(installed.sort()).toEqual(
    [
      "@stablelib",
      "fast-sha256",
      "openapi-fetch",
      "openapi-typescript-helpers",
      "quittance",
      "standardwebhooks",
    ].sort(),
  );
});

test("it holds the client and its types, and neither the Worker nor the tests", () => {
  const built = ["index", "openapi.generated", "retry", "verify-notification"];
  expect(readdirSync(join(folder, "node_modules", "quittance"), { recursive: true }).sort()).toEqual(
    [
      ...["LICENSE", "README.md", "package.json", "dist", "dist/client"],
      ...built.flatMap((name) => [`dist/client/${name}.d.ts`, `dist/client/${name}.js`]),
    ].sort(),
  );
});

test("where only what the package needs is installed, as by npm ci --omit=dev, building it is left out and nothing fails", () => {
  const without = join(folder, "without");
  cpSync(join(root, "tools", "client"), join(without, "tools", "client"), { recursive: true });
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  expect(scripts.prepare).toBe("node tools/client/prepare.js");
  const prepared = spawnSync("node", ["tools/client/prepare.js"], { cwd: without, env, encoding: "utf8" });
  expect([prepared.status, prepared.stdout, prepared.stderr]).toEqual([0, "", ""]);
  expect(readdirSync(without)).toEqual(["tools"]);
});

test("a script in plain JavaScript calls, is told of problems, and verifies a notification, by that Node.js and by ours", () => {
  const secret = newSigningSecret();
  const body = JSON.stringify({ id: "msg_1", type: "invoice.paid", data: {} });
  const message = { secret, body, headers: signMessage([secret], "msg_1", body, Date.now()) };
  writeFileSync(
    join(folder, "use.js"),
    `import { createQuittance, dataOf } from "quittance/client";
import { verifyNotification } from "quittance/client/verify-notification";

const asked = [];
const quittance = createQuittance({
  url: "https://billing.example.com/",
  key: "qt_x",
  fetch: async (request) => {
    asked.push([request.method, request.url, request.headers.has("idempotency-key")]);
    return request.method === "POST"
      ? Response.json({ id: "inv_1" }, { status: 201 })
      : Response.json({ code: "not_found", detail: "No.", status: 404, request_id: "req_1" }, { status: 404 });
  },
});
const { id } = await dataOf(quittance.POST("/api/v1/invoices", { body: {} }));
const missing = await dataOf(quittance.GET("/api/v1/invoices/{id}", { params: { path: { id: "x" } } })).catch((e) => e.code);
const { secret, headers, body } = JSON.parse(process.argv[2]);
const { type } = verifyNotification(secret, new Headers(headers), body);
let refused = "";
try {
  verifyNotification(secret, new Headers(headers), body + " ");
} catch (error) {
  refused = error.message;
}
console.log(JSON.stringify({ id, missing, asked, type, refused }));
`,
  );
  const run = { cwd: folder, env, encoding: "utf8" } as const;
  const said = ["node", process.execPath].map((node) =>
    execFileSync(node, ["use.js", JSON.stringify(message)], run),
  );
  const right = {
    id: "inv_1",
    missing: "not_found",
    asked: [
      ["POST", "https://billing.example.com/api/v1/invoices", true],
      ["GET", "https://billing.example.com/api/v1/invoices/x", false],
    ],
    type: "invoice.paid",
    refused: "No matching signature found",
  };
  expect(said.map((text) => JSON.parse(text))).toEqual([right, right]);
});

test("its types are there: a call that the document does not have is an error, and one that it has is not", () => {
  writeFileSync(
    join(folder, "use.ts"),
    `import { createQuittance, dataOf } from "quittance/client";
import type { Notification } from "quittance/client/verify-notification";

const quittance = createQuittance({ url: "https://billing.example.com", key: "qt_x" });
const { id } = await dataOf(quittance.GET("/api/v1/invoices/{id}", { params: { path: { id: "inv_1" } } }));
export const text: string = id;
export const paid = (message: Notification<"invoice.paid">): string => message.data.object.id;
// @ts-expect-error
quittance.GET("/api/v1/no_such_call");
`,
  );
  const resolution = {
    target: "ES2022",
    module: "NodeNext",
    lib: ["ES2022", "DOM", "DOM.Iterable"],
    types: [],
  };
  const compilerOptions = { ...resolution, strict: true, noEmit: true, skipLibCheck: true };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["use.ts"] }));
  const tsc = spawnSync(process.execPath, [join(root, "node_modules", ".bin", "tsc"), "-p", folder], {
    encoding: "utf8",
  });
  expect([tsc.status, tsc.stdout]).toEqual([0, ""]);
});
