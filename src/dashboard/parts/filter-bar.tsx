// How a list is narrowed: chips for what is asked most, and a form that is sent by GET, so that every filter has an
// address. Filters that the form does not show are kept.

import { type Child, type PropsWithChildren, useContext } from "hono/jsx";
import { MOST_SOUGHT_CHARACTERS } from "../../platform/bounds.ts";
import { href } from "../hrefs.ts";
import { TimeZone } from "./time-zone.ts";

type Query = Record<string, string | undefined>;

/** @param props.names the filters that its fields set; the others are sent along */
export function FilterBar(
  props: PropsWithChildren<{
    path: string;
    filters: Query;
    names: readonly string[];
    /** How many there are, and their sum. */
    sum?: Child;
  }>,
) {
  const { path, filters, names, sum, children } = props;
  const kept = Object.entries(filters).filter(
    ([name, value]) => value !== undefined && !names.includes(name),
  );
  const isSet = names.some((name) => filters[name] !== undefined);
  return (
    <form class="filter" method="get" action={href(path)}>
      {kept.map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      {children}
      <button type="submit">Show</button>
      {isSet ? (
        <a class="button quiet" href={href(path, Object.fromEntries(kept))}>
          Clear
        </a>
      ) : null}
      {sum ? <span class="sum">{sum}</span> : null}
    </form>
  );
}

/** A field and its label, which stay beside one another where the bar breaks. */
export function Named({ children }: PropsWithChildren) {
  return <span class="named">{children}</span>;
}

/** One of its filters by a text. @param props.name the filter's, which is its field's id too */
export function TextFilter(props: {
  name: string;
  label: string;
  value: string | undefined;
  placeholder: string;
  spellcheck?: boolean;
  maxlength?: number;
}) {
  const { name, label, ...rest } = props;
  return (
    <Named>
      <label for={name}>{label}</label>
      <input id={name} name={name} type="text" {...rest} />
    </Named>
  );
}

/** What somebody types to find rows of the list. @param props.example what can be typed */
export function SearchInList({ value, example }: { value: string | undefined; example: string }) {
  return (
    <input
      class="wide-search"
      type="search"
      name="search"
      value={value}
      placeholder={example}
      aria-label={`Search: ${example}`}
      maxlength={MOST_SOUGHT_CHARACTERS}
    />
  );
}

/** The first and the last day of a list. @param props.filters may name them already */
export function DayFilters({ filters, from, to }: { filters: Query; from: string; to: string }) {
  const timeZone = useContext(TimeZone);
  const day = (name: string, words: string) => (
    <label>
      {words}
      <input
        type="date"
        name={name}
        value={filters[name]?.slice(0, 10)}
        title={`A day in the time zone ${timeZone}`}
      />
    </label>
  );
  return (
    <>
      {day(from, "From")}
      {day(to, "To")}
    </>
  );
}

export type Chip = { words: string; filters: Query };

/** Each sets its filters and takes away those of the others; the rest are kept. */
export function Chips({ path, filters, chips }: { path: string; filters: Query; chips: readonly Chip[] }) {
  const names = new Set(chips.flatMap((chip) => Object.keys(chip.filters)));
  const kept = Object.fromEntries(Object.entries(filters).filter(([name]) => !names.has(name)));
  return (
    <ul class="chips">
      {chips.map((chip) => {
        const isSet = [...names].every((name) => (filters[name] ?? "") === (chip.filters[name] ?? ""));
        return (
          <li>
            <a href={href(path, { ...kept, ...chip.filters })} aria-current={isSet ? "true" : undefined}>
              {chip.words}
            </a>
          </li>
        );
      })}
    </ul>
  );
}
