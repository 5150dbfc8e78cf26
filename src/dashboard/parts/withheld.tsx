// In place of what only the tenant may read, where the operator looks.

import { NOT_FOR_OPERATOR } from "../session/may-act.ts";
import { Panel } from "./panel.tsx";

export function Withheld({ title }: { title: string }) {
  return (
    <Panel title={title}>
      <p class="pad muted">{NOT_FOR_OPERATOR}</p>
    </Panel>
  );
}
