// Stacked bars over time, with axis and legend. The picture says nothing that a table beneath it does not.

import type { Child } from "hono/jsx";
import type { Tone } from "../status-words.ts";

export type BarSeries = { name: string; tone: Exclude<Tone, "info"> };
/** @param counts one for each of the series, in its order */
export type Bar = { title: string; counts: readonly number[] };

const BAR = 14;
const STEP = 20;
const HEIGHT = 96;

export function Bars(props: {
  label: string;
  series: readonly BarSeries[];
  bars: readonly Bar[];
  /** The words under the first and the last bar. */
  from: string;
  to: string;
}) {
  const { series, bars } = props;
  const most = Math.max(1, ...bars.map(({ counts }) => counts.reduce((sum, count) => sum + count, 0)));
  return (
    <div>
      <div class="bars">
        <div class="scale" aria-hidden="true">
          <span>{most.toLocaleString("en")}</span>
          <span>0</span>
        </div>
        <svg
          viewBox={`0 0 ${bars.length * STEP} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={`${props.label}: the table below says the same.`}
        >
          <path class="bar-ground" d={`M0 ${HEIGHT}H${bars.length * STEP}M0 0H${bars.length * STEP}`} />
          {bars.map((bar, index) => (
            <g>
              <title>{bar.title}</title>
              {stacked(bar.counts, most).map(([place, y, height]) => (
                <rect
                  class={`bar-${series[place]?.tone ?? "idle"}`}
                  x={index * STEP + 3}
                  y={y}
                  width={BAR}
                  height={height}
                />
              ))}
            </g>
          ))}
        </svg>
        <div class="axis" aria-hidden="true">
          <span>{props.from}</span>
          <span>{props.to}</span>
        </div>
      </div>
      <Legend series={series} />
    </div>
  );
}

function Legend({ series }: { series: readonly BarSeries[] }): Child {
  return (
    <ul class="legend" aria-hidden="true">
      {series.map(({ name, tone }) => (
        <li class={tone}>{name}</li>
      ))}
    </ul>
  );
}

/** From the bottom up. What there is can be seen, however much more there was elsewhere. */
function stacked(counts: readonly number[], most: number): [place: number, y: number, height: number][] {
  let top = HEIGHT;
  return counts.flatMap((count, place) => {
    if (count === 0) return [];
    const height = Math.max(Math.round((count / most) * HEIGHT), 2);
    top = Math.max(top - height, 0);
    return [[place, top, height]];
  });
}
