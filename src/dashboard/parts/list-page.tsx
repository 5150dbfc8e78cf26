// A page that lists: its head, the statuses as tabs, the rows or why there are none, and the way to the next page.

import type { Child } from "hono/jsx";
import { ROWS_LOOKED_AT } from "../../platform/paging.ts";
import { href } from "../hrefs.ts";
import type { ReadList } from "../read-list.ts";
import type { StatusLook } from "../status-words.ts";
import { ByApi } from "./by-api.tsx";
import { Pager, StatusTabs } from "./list-navigation.tsx";
import { Empty, PageHead, Panel } from "./panel.tsx";

type ListProps<Row> = {
  path: string;
  list: ReadList<Row>;
  /** Every status that there is, for the tabs. */
  looks?: Record<string, StatusLook>;
  /** What the tab without a status is called; left out: "All". */
  first?: string;
  /** What else there is to filter by. */
  filter?: Child;
  table: (rows: readonly Row[]) => Child;
  /** Where there is nothing at all. */
  none: { title: string; words: Child };
  /** Where nothing fits the filters: the words of the way to all, or none. */
  noneFits?: { title: string; showAll?: string };
};

export function ListPage<Row>({
  title,
  note,
  actions,
  said,
  api,
  ...list
}: ListProps<Row> & {
  title: string;
  note?: Child;
  /** Beside the title. */
  actions?: Child;
  /** What was done before, or why it was refused. */
  said?: Child;
  /** Where the API answers the same list, below `/api/v1`: it takes the same filters. */
  api?: string;
}) {
  return (
    <>
      <PageHead title={title} note={note}>
        {actions}
      </PageHead>
      {said}
      <List {...list} />
      {api === undefined ? null : (
        <ByApi calls={[{ words: "This list", method: "GET", path: api, query: list.list.asked }]} />
      )}
    </>
  );
}

/** The list alone, for the page of what it belongs to. @param props.panel its heading there */
export function List<Row>(props: ListProps<Row> & { panel?: string }) {
  const { path, list, looks, panel } = props;
  const { filters } = list;
  const content = list.rows.length === 0 ? <NoRows {...props} /> : props.table(list.rows);
  return (
    <>
      {looks ? (
        <StatusTabs
          path={path}
          looks={looks}
          present={filters.status}
          filters={filters}
          first={props.first}
        />
      ) : null}
      {props.filter}
      {panel === undefined ? (
        <section class="panel">{content}</section>
      ) : (
        <Panel title={panel}>{content}</Panel>
      )}
      <Pager path={path} filters={filters} cursor={list.cursor} nextCursor={list.nextCursor} />
    </>
  );
}

function NoRows<Row>({ path, list, none, noneFits }: ListProps<Row>) {
  if (list.nextCursor !== null) {
    const words = `${ROWS_LOOKED_AT.toLocaleString("en")} were looked at. There are older ones.`;
    return (
      <Empty title="None among these.">
        <p>{words}</p>
      </Empty>
    );
  }
  if (Object.keys(list.filters).length === 0 || !noneFits)
    return <Empty title={none.title}>{none.words}</Empty>;
  const { title, showAll } = noneFits;
  const all = (
    <p>
      <a href={href(path)}>{showAll}</a>
    </p>
  );
  return <Empty title={title}>{showAll === undefined ? none.words : all}</Empty>;
}
