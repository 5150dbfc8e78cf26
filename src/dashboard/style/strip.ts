// The strip of the last 24 hours.

export const STRIP = `
div.strip { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); align-items: center; gap: 12px 28px; }
.bars { display: block; width: 100%; height: auto; }
.bar-ground { fill: var(--line-strong); }
.bar-good { fill: var(--good-ink); }
.bar-idle { fill: var(--idle-ink); opacity: 0.55; }
.bar-bad { fill: var(--bad-ink); }
.strip-table { border-top: 1px solid var(--line); }
.strip-table > summary { padding: 8px 16px; color: var(--muted); font-size: 13px; }
@media (max-width: 820px) { div.strip { grid-template-columns: minmax(0, 1fr); } .strip-table > summary { padding: 8px 12px; } }
`;
