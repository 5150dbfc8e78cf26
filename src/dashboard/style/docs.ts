// What only the docs have: contents at the side, guides, the search and what it found.

export const DOCS = `
.docs { max-width: 76ch; }
.docs h1 { margin-bottom: 8px; }
.docs h2, .docs h3 { scroll-margin-top: 20px; }
.docs h2 { font-size: 17px; margin: 28px 0 8px; }
.docs h3 { font-size: 15px; margin: 20px 0 6px; }
.docs p { margin-bottom: 10px; }
.docs ul, .docs ol { margin: 0 0 14px; padding-left: 22px; }
.docs li { margin-bottom: 4px; }
.docs .copy-block { margin-bottom: 12px; }
.docs .copy-block pre { white-space: pre; overflow-x: auto; }
.docs .copy-block code { overflow-wrap: normal; }
.docs .shown { margin-top: -4px; border: 1px solid var(--line); border-radius: 6px; }
.docs .shown p { margin: 0; padding: 6px 16px 0; font-size: 12px; color: var(--muted); }
.docs .shown pre { padding-top: 4px; background: none; white-space: pre-wrap; }
.with-places { display: grid; grid-template-columns: minmax(0, 76ch); gap: 48px; }
.on-this-page { display: none; position: sticky; top: 24px; align-self: start; max-height: calc(100dvh - 48px); overflow-y: auto; font-size: 13px; }
.on-this-page .group { margin-bottom: 6px; color: var(--muted); }
.on-this-page ul { list-style: none; margin: 0; padding: 0; }
.on-this-page li { margin-bottom: 6px; }
.with-places .on-this-page li > a { text-decoration: none; }
@media (min-width: 1180px) {
  .with-places { grid-template-columns: minmax(0, 76ch) minmax(140px, 220px); }
  .on-this-page { display: block; }
}
.docs li:has(> .box) { list-style: none; margin-left: -22px; }
.docs code { overflow-wrap: anywhere; }
.docs p code, .docs li code, .docs td code { background: var(--sunken); padding: 1px 4px; border-radius: 4px; }
.docs .guide-table { overflow-x: auto; margin-bottom: 14px; background: var(--surface); border: 1px solid var(--line); border-radius: 8px; }
.docs .guide-table th, .docs .guide-table td { padding: 8px 12px; text-align: left; vertical-align: top; white-space: normal; }
.docs .guide-table tr + tr td, .docs .guide-table thead + tbody td { border-top: 1px solid var(--line); }
.docs .guide-table td:first-child code { overflow-wrap: normal; }
.docs .guides { list-style: none; padding: 0; }
.docs .guides li { padding: 10px 0; border-bottom: 1px solid var(--line); }
.docs .guides p { margin: 2px 0 0; }
.docs-search { display: flex; gap: 8px; margin: 0 10px 12px; }
.docs-search input { width: 100%; min-width: 0; }
.contents a { padding: 3px 10px; font-size: 13px; }
.contents + .who { flex-wrap: wrap; }
.contents + .who a { white-space: nowrap; }
@media (max-width: 820px) {
  .top:has(> .docs-search) > .brand { font-size: 0; gap: 0; padding: 4px; }
  .top .docs-search { flex: 1; min-width: 0; margin: 0; }
  .top .contents { columns: 2; }
  .docs h2, .docs h3 { scroll-margin-top: 72px; }
  .contents .group { break-after: avoid; }
  .contents a { padding: 8px 10px 9px; }
}
@media (max-width: 620px) {
  .docs .guide-table :is(table, tbody, tr, td) { display: block; }
  .docs .guide-table thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .docs .guide-table tr { padding: 8px 0; }
  .docs .guide-table tbody tr + tr { border-top: 1px solid var(--line); }
  .docs .guide-table tbody tr td { border: 0; padding: 2px 12px; }
  .docs .guide-table td:first-child { font-weight: 600; }
  .docs .guide-table td[data-label]::before { content: attr(data-label) ": "; color: var(--muted); }
  .docs .guide-table td:empty { display: none; }
}
`;
