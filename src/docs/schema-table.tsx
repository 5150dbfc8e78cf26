// Fields as a table; inner fields are indented under the one that holds them.

import { Prose } from "./prose.tsx";
import type { SchemaRow } from "./schema-rows.ts";

/** @param props.asks whether it says what the caller gives: then what is required is marked */
export function SchemaTable({
  caption,
  rows,
  asks = false,
}: {
  caption: string;
  rows: SchemaRow[];
  asks?: boolean;
}) {
  return (
    <div class="table fields">
      <table>
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">Field</th>
            <th scope="col">Type</th>
            <th scope="col">Meaning</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              <th scope="row" class={`d${row.depth}`}>
                <code>{row.name}</code>
                {asks && row.required ? <span class="required">required</span> : null}
              </th>
              <td>{row.type}</td>
              <td>
                <Meaning row={row} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Meaning({ row }: { row: SchemaRow }) {
  return (
    <>
      {row.description === null ? null : <Prose text={row.description} />}{" "}
      {row.allowed.map((value, index) => (
        <>
          {index === 0 ? "" : " "}
          <code>{value}</code>
        </>
      ))}
      {row.limits.length === 0 ? null : <span class="muted">{row.limits.join(", ")}</span>}
    </>
  );
}
