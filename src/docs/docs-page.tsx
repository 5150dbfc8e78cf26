// The whole docs page: contents at the side, then the guide, the calls by group, and the tables.

import { Frame } from "../dashboard/layout/frame.tsx";
import { Brand } from "../dashboard/layout/icon.tsx";
import { CallSection, Method } from "./call-section.tsx";
import { GUIDE, Guide } from "./guide.tsx";
import { Notifications } from "./notifications-section.tsx";
import { type ApiCall, type OpenApiDocument, type Routes, readCalls } from "./read-openapi.ts";
import { Errors, StripeEvents } from "./reference-tables.tsx";

const TABLES = [
  { anchor: "notifications", title: "Notifications" },
  { anchor: "stripe-events", title: "Stripe's events" },
  { anchor: "errors", title: "Errors" },
] as const;

export function DocsPage(props: { document: OpenApiDocument; routes: Routes; origin: string }) {
  const { document, routes, origin } = props;
  const groups = readCalls(document, routes);
  const schemas = document.components?.schemas ?? {};
  return (
    <Frame side={<Contents groups={groups} />}>
      <div class="docs">
        <h1>API docs</h1>
        <p class="muted">{document.info.description}</p>
        <Guide origin={origin} />
        {[...groups].map(([tag, calls]) => (
          <section class="group" aria-labelledby={groupAnchor(tag)}>
            <h2 id={groupAnchor(tag)}>{tag}</h2>
            {calls.map((call) => (
              <CallSection call={call} origin={origin} schemas={schemas} />
            ))}
          </section>
        ))}
        <Notifications />
        <StripeEvents />
        <Errors />
      </div>
    </Frame>
  );
}

function Contents({ groups }: { groups: Map<string, ApiCall[]> }) {
  return (
    <>
      <Brand href="/docs" />
      <nav class="nav contents" aria-label="Contents">
        <ul>
          {GUIDE.map(({ anchor, title }) => (
            <li>
              <a href={`#${anchor}`}>{title}</a>
            </li>
          ))}
          {[...groups].map(([tag, calls]) => (
            <li>
              <a class="group-link" href={`#${groupAnchor(tag)}`}>
                {tag}
              </a>
              <ul>
                {calls.map((call) => (
                  <li>
                    <a href={`#${call.anchor}`}>
                      <Method method={call.method} />
                      {call.summary}
                    </a>
                  </li>
                ))}
              </ul>
            </li>
          ))}
          {TABLES.map(({ anchor, title }) => (
            <li>
              <a class="group-link" href={`#${anchor}`}>
                {title}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <p class="who">
        <a href="/dashboard">Dashboard</a>
        <a href="/openapi.json">openapi.json</a>
      </p>
    </>
  );
}

function groupAnchor(tag: string): string {
  return `group-${tag.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}`;
}
