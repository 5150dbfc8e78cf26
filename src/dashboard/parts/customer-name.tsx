// The way to a customer, by its name.

import { customerHref } from "../hrefs.ts";
import { None } from "./table.tsx";

/** @param props.names by id */
export function CustomerName({ id, names }: { id: string | null; names: ReadonlyMap<string, string> }) {
  if (id === null) return <None />;
  return (
    <a class="plain clip" href={customerHref(id)}>
      {names.get(id) ?? id}
    </a>
  );
}
