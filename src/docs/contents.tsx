// The side of every page of the docs: the search, the guides by group, and the reference.

import { Brand } from "../dashboard/layout/icon.tsx";
import { GUIDES, type Guide } from "./guides.ts";

export function Contents({ current, query }: { current: string | null; query: string }) {
  const groups = Map.groupBy(GUIDES, ({ group }) => group);
  return (
    <>
      <Brand href="/docs" />
      <form class="docs-search" action="/docs">
        <input
          type="search"
          name="q"
          value={query}
          placeholder="Search the guides"
          aria-label="Search the guides"
          data-search=""
        />
      </form>
      <nav class="nav contents" aria-label="Contents">
        <ul>
          <li>
            <a href="/docs/reference">API reference</a>
          </li>
        </ul>
        {[...groups].map(([group, guides]) => (
          <>
            <p class="group">{group}</p>
            <ul>
              {guides.map((guide) => (
                <Entry guide={guide} isCurrent={guide.slug === current} />
              ))}
            </ul>
          </>
        ))}
      </nav>
      <p class="who">
        <a href="/dashboard">Dashboard</a>
        <a href="/openapi.json">openapi.json</a>
        <a href="/llms.txt">llms.txt</a>
      </p>
    </>
  );
}

function Entry({ guide, isCurrent }: { guide: Guide; isCurrent: boolean }) {
  return (
    <li>
      <a href={`/docs/${guide.slug}`} aria-current={isCurrent ? "page" : undefined}>
        {guide.title}
      </a>
    </li>
  );
}
