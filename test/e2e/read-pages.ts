// Every page of the dashboard and of the console, read from the routes themselves, so that none can be forgotten.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

type Routes = { routes: readonly { method: string; path: string }[] };
type RoutesModule = { createDashboardRoutes: () => Routes; createConsoleRoutes: (doors: unknown) => Routes };

/** What is downloaded, or stands in another page, and is no page by itself. */
const NO_PAGE = /\.\w+$|\/file$|\/content$/;

/** The patterns that GET answers with a page, such as `/dashboard/invoices/:id`. */
export async function readPages(root: string): Promise<string[]> {
  const { createDashboardRoutes, createConsoleRoutes } = await importRoutes(root);
  const patterns = [
    ...createDashboardRoutes().routes.map((route) => ({ ...route, path: `/dashboard${route.path}` })),
    ...createConsoleRoutes({}).routes.map((route) => ({ ...route, path: `/console${route.path}` })),
  ]
    .filter(({ method, path }) => method === "GET" && !NO_PAGE.test(path))
    .map(({ path }) => path.replace(/\/$/, ""));
  return [...new Set(patterns)];
}

/** Node reads no TSX: the routes are put into one file first. */
async function importRoutes(root: string): Promise<RoutesModule> {
  const outfile = join(root, ".wrangler", "e2e", "routes.mjs");
  await mkdir(join(root, ".wrangler", "e2e"), { recursive: true });
  await build({
    stdin: {
      contents:
        'export * from "./src/dashboard/routes.ts"; export * from "./src/dashboard/console/routes.tsx";',
      resolveDir: root,
    },
    bundle: true,
    platform: "node",
    format: "esm",
    jsx: "automatic",
    jsxImportSource: "hono/jsx",
    loader: { ".md": "text" },
    external: ["cloudflare:*"],
    logLevel: "error",
    outfile,
  });
  return (await import(pathToFileURL(outfile).href)) as RoutesModule;
}
