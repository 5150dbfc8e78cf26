// Tables: dense, quiet lines, numbers right; on narrow screens the lesser columns go.

export const TABLES = `
.table { overflow-x: auto; }
/* Not "anywhere": a column must not shrink to one letter. */
table { width: 100%; border-collapse: collapse; overflow-wrap: break-word; }
th, td { padding: 8px 12px; text-align: left; vertical-align: top; font-weight: inherit; }
th:first-child, td:first-child { padding-left: 16px; }
th:last-child, td:last-child { padding-right: 16px; }
thead th { padding-top: 7px; padding-bottom: 7px; font-size: 12px; color: var(--muted); background: var(--canvas); border-bottom: 1px solid var(--line); white-space: nowrap; }
tbody tr + tr > * { border-top: 1px solid var(--line); }
tbody tr:hover > * { background: color-mix(in srgb, var(--sunken) 55%, transparent); }
tfoot tr:first-child > * { border-top: 1px solid var(--line-strong); padding-top: 10px; }
tfoot th, tfoot td { padding-top: 2px; padding-bottom: 2px; color: var(--muted); }
tfoot tr:first-child > * { color: var(--text); font-weight: 600; }
tfoot tr:last-child > * { padding-bottom: 12px; }
th.right, td.right { text-align: right; }
th.right, td.right, td time, .money, .whole { white-space: nowrap; }
.columns td .ago { display: none; }
.narrow { display: block; font-size: 13px; }
.columns td .clip { max-width: 140px; }
.clip { display: inline-block; max-width: 220px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; vertical-align: bottom; }
@media (min-width: 821px) { .narrow { display: none !important; } }
@media (max-width: 820px) {
  .wide { display: none; }
  th, td { padding: 8px; }
  th:first-child, td:first-child { padding-left: 12px; }
  th:last-child, td:last-child { padding-right: 12px; }
  .clip { max-width: 130px; }
  th time { display: block; color: var(--muted); white-space: nowrap; }
  th .ago { display: none; }
}
`;
