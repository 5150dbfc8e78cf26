// The first page of the docs: the guides, or those places of them that a search finds.

import { GUIDES } from "./guides.ts";
import type { ApiCall } from "./read-openapi.ts";
import { type FoundSection, searchCalls, searchGuides } from "./search-guides.ts";

type Asked = {
  query: string;
  origin: string;
  /** Read where something is searched for. */
  readCalls: () => readonly ApiCall[];
};

export function Overview(asked: Asked) {
  return asked.query.trim() === "" ? <AllGuides /> : <Found {...asked} />;
}

function AllGuides() {
  return (
    <>
      <h1>Docs</h1>
      <p>
        Every call is in the <a href="/docs/reference">API reference</a>, which is made of{" "}
        <a href="/openapi.json">openapi.json</a> (OpenAPI 3.1). The guides say how it goes together.
      </p>
      <ul class="guides">
        {GUIDES.map(({ slug, title, summary }) => (
          <li>
            <a href={`/docs/${slug}`}>{title}</a>
            <p class="muted">{summary}</p>
          </li>
        ))}
      </ul>
    </>
  );
}

function Found({ query, origin, readCalls }: Asked) {
  const found = searchGuides(query, origin);
  const calls = searchCalls(query, readCalls());
  return (
    <>
      <h1>Search</h1>
      <p role="status">
        {found.length === 0 ? "Nothing in the guides has all of" : "In the guides, with all of"} “{query}”.{" "}
        <a href="/docs">All guides</a>, or the <a href="/docs/reference">API reference</a>, which has a search
        of its own.
      </p>
      <Sections found={found} />
      {calls.length === 0 ? null : <h2>Calls of the API</h2>}
      <Sections found={calls} />
    </>
  );
}

function Sections({ found }: { found: readonly FoundSection[] }) {
  if (found.length === 0) return null;
  return (
    <ul class="guides">
      {found.map(({ href, title, section, excerpt }) => (
        <li>
          <a href={href}>{section === title ? title : `${title}: ${section}`}</a>
          <p class="muted">{excerpt}</p>
        </li>
      ))}
    </ul>
  );
}
