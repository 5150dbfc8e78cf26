// To what a list is narrowed that no field of its filters shows, and the way back to all: nobody takes a part for the whole.

import type { PropsWithChildren } from "hono/jsx";
import { customerHref, href } from "../hrefs.ts";

type Query = Record<string, string | undefined>;
type Props = { path: string; filters: Query };

/** @param props.by the filter. @param props.all the words of the way to the list without it */
export function Narrowed(props: PropsWithChildren<Props & { by: string; words: string; all: string }>) {
  const { path, filters, by, words, all, children } = props;
  return (
    <p class="filter">
      {words}: {children} <a href={href(path, { ...filters, [by]: undefined })}>{all}</a>
    </p>
  );
}

/** Beside a list that can be of one customer: the name, also where no row names it. */
export function customerAsked({ customer_id: id }: { customer_id?: string | undefined }) {
  return { ofCustomer: ["findCustomerNames", { ids: id === undefined ? [] : [id] }] } as const;
}

/** @param props.names of that customer, by id */
export function OfCustomer({ path, filters, names }: Props & { names: ReadonlyMap<string, string> }) {
  const { customer_id: id } = filters;
  if (id === undefined) return null;
  return (
    <Narrowed path={path} filters={filters} by="customer_id" words="Customer" all="Show all customers">
      <a href={customerHref(id)}>{names.get(id) ?? id}</a>
    </Narrowed>
  );
}
