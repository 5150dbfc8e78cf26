// The side of every page of the docs, and the bar in its place on a narrow screen: the search, the guides by group, and
// the reference.

import { Brand, Icon } from "../dashboard/layout/icon.tsx";
import { GUIDES, type Guide } from "./guides.ts";

type Props = { current: string | null; query: string };

export function Contents({ current, query }: Props) {
  return (
    <>
      <Brand href="/docs" />
      <Search query={query} />
      <AllContents current={current} />
      <Elsewhere />
    </>
  );
}

/** The same on a narrow screen: a bar, with the contents behind a button. */
export function ContentsBar({ current, query }: Props) {
  return (
    <>
      <Brand href="/docs" />
      <Search query={query} />
      <details class="menu" data-menu="">
        <summary class="button">
          <Icon name="menu" />
          <span class="words">Contents</span>
        </summary>
        <div class="sheet">
          <AllContents current={current} />
          <Elsewhere />
        </div>
      </details>
    </>
  );
}

function Search({ query }: { query: string }) {
  return (
    <form class="docs-search" action="/docs">
      <input
        type="search"
        name="q"
        value={query}
        placeholder="Search the docs"
        aria-label="Search the docs"
        data-search=""
      />
    </form>
  );
}

function AllContents({ current }: { current: string | null }) {
  const groups = Map.groupBy(GUIDES, ({ group }) => group);
  return (
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
  );
}

function Elsewhere() {
  return (
    <p class="who">
      <a href="/dashboard">Dashboard</a>
      <a href="/openapi.json">openapi.json</a>
      <a href="/llms.txt">llms.txt</a>
    </p>
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
