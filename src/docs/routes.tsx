// The docs' door. The page is our own, made from the OpenAPI document: it shares its origin with the
// dashboard's session, and a reference page from a CDN would be somebody else's script beside it.

import { Hono } from "hono";
import type { DashboardEnv } from "../dashboard/dashboard-env.ts";
import { renderDocument } from "../dashboard/layout/document.tsx";
import { pageHeaders } from "../dashboard/page-headers.ts";
import { DocsPage } from "./docs-page.tsx";
import type { OpenApiDocument, Routes } from "./read-openapi.ts";

/**
 * @param app whose routes are documented
 * @param readDocument makes its OpenAPI document; asked once, since it only changes with the code
 */
export function docsRoutes(app: { routes: Routes }, readDocument: () => OpenApiDocument): Hono<DashboardEnv> {
  let document: OpenApiDocument | undefined;
  const docs = new Hono<DashboardEnv>();
  docs.use(pageHeaders);
  docs.get("/", (c) => {
    document ??= readDocument();
    // Known by now, whatever name the request came under.
    const origin = c.get("deps").publicUrl ?? new URL(c.req.url).origin;
    const children = <DocsPage document={document} routes={app.routes} origin={origin} />;
    c.header("cache-control", "no-cache");
    return c.html(renderDocument({ title: "API docs", nonce: c.get("secureHeadersNonce"), children }));
  });
  return docs;
}
