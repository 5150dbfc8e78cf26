// The docs' doors: the guides and their search, the API reference, and the same for machines. No script of the pages
// comes from elsewhere: they share their origin with the dashboard's session.

import { type Context, Hono } from "hono";
import { raw } from "hono/html";
import type { Child } from "hono/jsx";
import type { DashboardEnv } from "../dashboard/dashboard-env.ts";
import { renderDocument } from "../dashboard/layout/document.tsx";
import { Frame } from "../dashboard/layout/frame.tsx";
import { pageHeaders } from "../dashboard/page-headers.ts";
import { notFound } from "../platform/app-error.ts";
import { Contents, ContentsBar } from "./contents.tsx";
import { findGuide } from "./guides.ts";
import { Overview } from "./overview.tsx";
import { type OpenApiDocument, type Routes, readCalls } from "./read-openapi.ts";
import { referenceHeaders, referencePage, referencePlace } from "./reference-page.ts";
import { fillGuide, headingsOf, renderGuide } from "./render-guide.ts";

/**
 * @param app whose routes are documented
 * @param readDocument makes its OpenAPI document
 */
export function docsRoutes(app: { routes: Routes }, readDocument: () => OpenApiDocument): Hono<DashboardEnv> {
  const docs = new Hono<DashboardEnv>();
  const listCalls = () => [...readCalls(readDocument(), app.routes).values()].flat();
  docs.get("/reference", referenceHeaders, (c) => referencePage(c));
  docs.use(pageHeaders);
  docs.get("/", (c) => {
    const query = (c.req.query("q") ?? "").slice(0, 100);
    const overview = <Overview query={query} origin={originOf(c)} readCalls={listCalls} />;
    return page(c, "Docs", null, overview);
  });
  // Where the dashboard leads to: a call by its name, which stays when the reference names its places otherwise.
  docs.get("/calls/:anchor", (c) => {
    const call = listCalls().find(({ anchor }) => anchor === c.req.param("anchor"));
    if (!call) throw notFound("call", c.req.param("anchor"));
    return c.redirect(`/docs/reference#${referencePlace(call)}`);
  });
  // `/docs/errors` for people, `/docs/errors.md` for programs that read.
  docs.get("/:page", (c) => {
    const name = c.req.param("page");
    const guide = findGuide(name.replace(/\.md$/, ""));
    if (!guide) throw notFound("guide", name);
    const text = fillGuide(guide.text, originOf(c));
    if (!name.endsWith(".md")) return page(c, guide.title, guide.slug, <GuidePage text={text} />);
    c.header("cache-control", "no-cache");
    return c.text(text, 200, { "content-type": "text/markdown; charset=utf-8" });
  });
  return docs;
}

/** Known by now, whatever name the request came under. */
function originOf(c: Context<DashboardEnv>): string {
  return c.get("deps").publicUrl ?? new URL(c.req.url).origin;
}

/** The guide, and beside it where there is room its sections. */
function GuidePage({ text }: { text: string }) {
  const sections = headingsOf(text);
  return (
    <div class="with-places">
      <div class="docs">{raw(renderGuide(text))}</div>
      {sections.length < 3 ? null : (
        <nav class="on-this-page" aria-label="On this page">
          <p class="group">On this page</p>
          <ul>
            {sections.map(({ words, anchor }) => (
              <li>
                <a href={`#${anchor}`}>{words}</a>
              </li>
            ))}
          </ul>
        </nav>
      )}
    </div>
  );
}

function page(c: Context<DashboardEnv>, title: string, slug: string | null, content: Child) {
  const query = c.req.query("q") ?? "";
  const children = (
    <Frame
      side={<Contents current={slug} query={query} />}
      top={<ContentsBar current={slug} query={query} />}
    >
      {slug === null ? <div class="docs">{content}</div> : content}
    </Frame>
  );
  c.header("cache-control", "no-cache");
  return c.html(renderDocument({ title, nonce: c.get("secureHeadersNonce"), children }));
}
