// How one moves about in a list: by status, and from page to page.

import { href } from "../hrefs.ts";
import type { StatusLook } from "../status-words.ts";

type Query = Record<string, string | undefined>;

/** The statuses as tabs, all of them first; other filters are kept, the page is not. */
export function StatusTabs(props: {
  path: string;
  looks: Record<string, StatusLook>;
  present: string | undefined;
  filters?: Query;
  /** What the first is called. */
  first?: string | undefined;
}) {
  const tabs = [
    [props.first ?? "All", undefined] as const,
    ...Object.entries(props.looks).map(([status, { word }]) => [word, status] as const),
  ];
  return (
    <nav class="tabs" aria-label="Status">
      <ul>
        {tabs.map(([word, status]) => (
          <li>
            <a
              href={href(props.path, { ...props.filters, status })}
              aria-current={status === props.present ? "page" : undefined}
            >
              {word}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

export function Pager(props: {
  path: string;
  filters: Query;
  cursor: string | undefined;
  nextCursor: string | null;
}) {
  const { path, filters, cursor, nextCursor } = props;
  if (cursor === undefined && nextCursor === null) return null;
  return (
    <nav class="pager" aria-label="Pages">
      {cursor === undefined ? null : <a href={href(path, filters)}>Newest</a>}
      {nextCursor === null ? (
        <span class="muted">No older ones.</span>
      ) : (
        <a href={href(path, { ...filters, cursor: nextCursor })} rel="next">
          Older
        </a>
      )}
    </nav>
  );
}
