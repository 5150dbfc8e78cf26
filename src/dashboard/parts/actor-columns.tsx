// The columns that end every log: who it was, from which address, and when.

import { wordsOf } from "../status-words.ts";
import { type Column, None } from "./table.tsx";
import { Time } from "./time.tsx";

type Noted = {
  actorKind: string;
  actorId: string | null;
  actorName: string | null;
  ip: string | null;
  createdAtMs: number;
};

export function actorColumns(now: number): Column<Noted>[] {
  return [
    {
      head: "Who",
      priority: 2,
      cell: (row) => (
        <>
          {row.actorName ?? wordsOf(row.actorKind)}{" "}
          {row.actorId === null ? null : <code class="clip">{row.actorId}</code>}
        </>
      ),
    },
    { head: "From", priority: 2, cell: (row) => row.ip ?? <None /> },
    { head: "When", isTime: true, lead: true, cell: (row) => <Time ms={row.createdAtMs} now={now} /> },
  ];
}
