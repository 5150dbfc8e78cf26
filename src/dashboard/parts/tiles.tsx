// Figures, each a way into what it counts. Amounts of different currencies are never added: a tile lists them.

import type { Child } from "hono/jsx";

export type StatTile = {
  name: string;
  to: string;
  /** The first is the figure; others stand below it. */
  values: readonly string[];
  /** In a few words: the change, the nearest deadline. */
  more: Child;
};

const SHOWN = 3;
// Longer, and a figure breaks where four tiles stand beside one another.
const LARGE_CHARACTERS = 11;

export function StatTiles({ tiles }: { tiles: readonly StatTile[] }) {
  return (
    <ul class="tiles">
      {tiles.map((tile) => (
        <li>
          <a href={tile.to}>
            <span class="tile-name">{tile.name}</span>
            {tile.values.slice(0, SHOWN).map((value, index) => (
              <span class={index > 0 || value.length > LARGE_CHARACTERS ? "tile-value small" : "tile-value"}>
                {value}
              </span>
            ))}
            <span class="tile-more">
              {tile.values.length > SHOWN ? `and ${tile.values.length - SHOWN} more currencies · ` : null}
              {tile.more}
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}
