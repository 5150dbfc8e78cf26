// The one field of the console's lists.

import { FilterBar } from "../parts/filter-bar.tsx";
import type { ReadList } from "../read-list.ts";

export function SearchBar(props: { path: string; list: Pick<ReadList<unknown>, "filters">; label: string }) {
  const { path, list, label } = props;
  return (
    <FilterBar path={path} filters={list.filters} names={["q"]}>
      <input
        class="wide-search"
        type="search"
        name="q"
        value={list.filters.q}
        placeholder={label}
        aria-label={label}
        maxlength={200}
      />
    </FilterBar>
  );
}
