// Tables: dense, quiet lines, numbers right. A table looks at its own width: columns of less account go first, and
// where it is narrow each row is a card.

export const TABLES = `
.table { container-type: inline-size; overflow-x: auto; }
table { width: 100%; border-collapse: collapse; overflow-wrap: break-word; font-size: 13px; }
/* A word may be longer than its column, and a column must not shrink to one letter. */
tbody th, tbody td:not(.right) { overflow-wrap: anywhere; min-width: 12ch; }
th, td { padding: 9px 12px; text-align: left; vertical-align: top; font-weight: inherit; }
th:first-child, td:first-child { padding-left: 16px; }
th:last-child, td:last-child { padding-right: 16px; }
thead th { padding-top: 8px; padding-bottom: 8px; font-size: 12px; line-height: 16px; color: var(--muted); border-bottom: 1px solid var(--line); white-space: nowrap; }
tbody tr + tr > * { border-top: 1px solid var(--line); }
tbody tr:hover > * { background: color-mix(in srgb, var(--sunken) 55%, transparent); }
tbody th a:not(.plain) { font-weight: 500; }
tfoot tr:first-child > * { border-top: 1px solid var(--control); padding-top: 10px; }
tfoot th, tfoot td { padding-top: 2px; padding-bottom: 2px; color: var(--muted); }
tfoot tr:first-child > * { color: var(--text); font-weight: 600; }
tfoot tr:last-child > * { padding-bottom: 12px; }
th.right, td.right { text-align: right; }
th.right, td.right, td time, .money, .whole { white-space: nowrap; }
.ways { display: grid; }
.columns td .ago { display: none; }
.clip { display: inline-block; max-width: 28ch; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; vertical-align: bottom; }
.table .clip { max-width: clamp(12ch, 16cqi, 36ch); }
td form button { min-height: 28px; padding: 3px 10px; }
@container (min-width: 1031px) { .table .clip { max-width: 14cqi; } }
@container (max-width: 1180px) { td .ago { display: none; } }
@container (max-width: 1030px) { .p3 { display: none; } }
@container (min-width: 561px) and (max-width: 710px) { .p2 { display: none; } }
/* Four columns have room there, of which two are names or ids; more have not. */
@container (min-width: 561px) and (max-width: 860px) { table:has(thead > tr > :nth-child(5 of :not(.p3))) .p2 { display: none; } .table .clip { max-width: clamp(12ch, 26cqi, 36ch); } .table table:not(:has(thead > tr > :nth-child(5 of :not(.p3)))) .clip { max-width: clamp(12ch, 20cqi, 36ch); } }
@container (max-width: 560px) {
  .table table, .table tbody { display: block; }
  .table thead { display: none; }
  .table tbody tr { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 4px 12px; padding: 12px 16px; }
  .table tbody tr + tr { border-top: 1px solid var(--line); }
  .table tbody tr > *, .table tbody tr:hover > * { display: block; min-width: 0; padding: 0; border: 0; background: none; }
  .table tbody th { grid-column: 1; }
  .table tbody td { grid-column: 1 / -1; text-align: left; white-space: normal; }
  .table tbody td.lead { grid-column: 2; grid-row: 1; text-align: right; white-space: nowrap; }
  .table tbody td.lead::before { display: none; }
  .table tbody td.tag { display: contents; }
  .table tbody td.tag::before { content: none; }
  .table tbody td.tag > * { grid-column: 1 / -1; }
  .table tbody td.tag > :is(.badge, .badges) { grid-column: 2; grid-row: 1; justify-self: end; align-self: start; }
  .table tbody td.tag > .badges { justify-content: end; }
  .table tbody td:has(> .none:only-child) { display: none; }
  .table .ways { display: flex; flex-wrap: wrap; gap: 0 20px; }
  .table .ways a { margin: 0; padding-block: 10px; }
  .table tbody td:not(.lead, .tag) { display: flow-root; padding-left: 96px; min-height: 20px; }
  .table tbody td:not(.lead, .tag)::before { content: attr(data-label); float: left; width: 88px; margin-left: -96px; color: var(--muted); font-size: 12px; line-height: 20px; }
  .table tbody td:empty { display: none; }
  .table tbody tr > .p3 { display: none; }
  .table .clip { max-width: 100%; }
  .table tfoot { display: grid; padding: 4px 16px 12px; border-top: 1px solid var(--line); }
  .table tfoot tr { display: flex; justify-content: space-between; }
  .table tfoot tr > *, .table tfoot tr:first-child > * { border: 0; padding: 4px 0; }
}
`;
