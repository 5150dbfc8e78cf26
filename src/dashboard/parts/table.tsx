// A table that scrolls by itself where it is wider than the page. Columns marked `wide` go first when there
// is little room: what they say is also on the page of the row.

import { type Child, useContext } from "hono/jsx";
import { TimeZone } from "./time-zone.ts";

export type Column<Row> = {
  head: string;
  /** Its cells are times: the head says in which zone. */
  isTime?: boolean;
  cell: (row: Row) => Child;
  /** Amounts and counts stand right. */
  right?: boolean;
  /** Left out on narrow screens. */
  wide?: boolean;
};

export function Table<Row>(props: {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  foot?: Child;
}) {
  const { caption, columns, rows, foot } = props;
  const timeZone = useContext(TimeZone);
  return (
    <div class="table">
      <table>
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th scope="col" class={classOf(column)}>
                {column.isTime ? `${column.head} (${timeZone})` : column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              {columns.map((column, index) =>
                index === 0 ? (
                  <th scope="row" class={classOf(column)}>
                    {column.cell(row)}
                  </th>
                ) : (
                  <td class={classOf(column)}>{column.cell(row)}</td>
                ),
              )}
            </tr>
          ))}
        </tbody>
        {foot}
      </table>
    </div>
  );
}

function classOf(column: { right?: boolean; wide?: boolean }): string | undefined {
  const names = [column.right ? "right" : "", column.wide ? "wide" : ""].filter((name) => name !== "");
  return names.length === 0 ? undefined : names.join(" ");
}

/** A cell without a value. */
export function None() {
  return (
    <span class="muted">
      <span aria-hidden="true">–</span>
      <span class="unseen">none</span>
    </span>
  );
}
