// Bars over time, with their axis and legend.

export const STRIP = `
.bars { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 4px 8px; font-size: 12px; line-height: 16px; color: var(--muted); }
.bars svg { grid-column: 2; display: block; width: 100%; height: 96px; overflow: visible; }
.bars .scale { grid-column: 1; grid-row: 1; display: flex; flex-direction: column; justify-content: space-between; text-align: right; }
.bars .axis { grid-column: 2; display: flex; justify-content: space-between; }
.legend { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 4px 16px; font-size: 13px; }
.legend li::before { content: ""; display: inline-block; width: 8px; height: 8px; margin-right: 6px; border-radius: 2px; background: var(--idle-ink); }
.legend .good::before { background: var(--good-ink); } .legend .warn::before { background: var(--warn-ink); } .legend .bad::before { background: var(--bad-ink); }
.bar-ground { stroke: var(--line); }
.bar-good { fill: var(--good-ink); }
.bar-idle { fill: var(--idle-ink); opacity: 0.55; }
.bar-warn { fill: var(--warn-ink); }
.bar-bad { fill: var(--bad-ink); }
.folded { border-top: 1px solid var(--line); }
.folded > summary { padding: 10px 16px; color: var(--muted); font-size: 13px; }
`;
