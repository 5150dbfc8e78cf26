// A table that looks at its own width. Columns of priority 2 and 3 go when there is little room: what they say is also
// on the page of the row. Where it is narrow each row is a card, with its amount at the top.

import { type Child, useContext } from "hono/jsx";
import { TimeZone } from "./time-zone.ts";

export type Column<Row> = {
  head: string;
  /** Its cells are times: the head says in which zone. */
  isTime?: boolean;
  cell: (row: Row) => Child;
  /** Amounts and counts stand right. */
  right?: boolean;
  /** On a card it stands at the top, beside the row's name, without its own: an amount, or what needs no name. */
  lead?: boolean;
  /** On a card its badge stands there, and what is said of it runs below the name. */
  tag?: boolean;
  /** 1, as where it is left out: always there. 2: also on a card. 3: only where there is room for all. */
  priority?: 1 | 2 | 3;
};

export function Table<Row>(props: {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  foot?: Child;
}) {
  const { caption, columns, rows, foot } = props;
  const timeZone = useContext(TimeZone);
  const classes = columns.map(classOf);
  return (
    <div class="table">
      <table>
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column, index) => (
              <th scope="col" class={classes[index]}>
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
                  <th scope="row" class={classes[index]}>
                    {column.cell(row)}
                  </th>
                ) : (
                  <td class={classes[index]} data-label={column.head}>
                    {column.cell(row)}
                  </td>
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

function classOf(column: Pick<Column<never>, "right" | "lead" | "tag" | "priority">) {
  const { right, lead, tag, priority = 1 } = column;
  const names = [
    ...[right ? "right" : "", lead ? "lead" : "", tag ? "tag" : ""],
    priority === 1 ? "" : `p${priority}`,
  ];
  return names.filter((name) => name !== "").join(" ") || undefined;
}

/** A cell without a value. */
export function None() {
  return (
    <span class="none muted">
      <span aria-hidden="true">–</span>
      <span class="unseen">none</span>
    </span>
  );
}
