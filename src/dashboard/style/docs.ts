// What only the docs page has: its contents at the side, calls, schemas.

export const DOCS = `
.docs { max-width: 1120px; }
.docs section { scroll-margin-top: 16px; }
.docs > section { padding-top: 28px; }
.docs h2 { font-size: 17px; margin-bottom: 8px; }
.docs h2, .docs h3 { scroll-margin-top: 20px; }
.docs section > p { max-width: 76ch; margin-bottom: 10px; }
.docs section > ul { max-width: 76ch; margin: 0 0 16px; padding-left: 20px; }
.docs section > ul li { margin-bottom: 4px; }
.docs section > .table { background: var(--surface); border: 1px solid var(--line); border-radius: 8px; }
.docs .copy-block { max-width: 76ch; margin-bottom: 10px; }
.docs code { overflow-wrap: anywhere; }
.docs th > code { overflow-wrap: normal; }
.docs p code, .docs li code, .docs td code { background: var(--sunken); padding: 1px 4px; border-radius: 4px; }
.docs .group > h2 { padding-bottom: 8px; border-bottom: 1px solid var(--line); margin-bottom: 0; }
.call { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 430px); gap: 8px 28px; padding: 22px 0; border-bottom: 1px solid var(--line); }
.group .call:last-child { border-bottom: 0; }
.call > div { min-width: 0; }
.call h3 { margin: 0; font-size: 15px; }
.call h3 a { color: inherit; }
.call h4 { margin: 14px 0 6px; font-size: 13px; font-weight: 600; }
.call p { margin-top: 4px; }
.call .route code { background: none; padding: 0; }
.call .try { position: sticky; top: 16px; align-self: start; }
.call details { margin-top: 12px; }
.call summary { color: var(--muted); }
.call details[open] summary { margin-bottom: 8px; }
.fields { border: 1px solid var(--line); border-radius: 6px; background: var(--surface); }
.fields th, .fields td { padding: 6px 10px; }
.fields td:nth-child(2) { white-space: nowrap; color: var(--muted); }
.fields .required { display: block; font-size: 11px; color: var(--warn-ink); }
.fields .d1 { padding-left: 26px; }
.fields .d2 { padding-left: 42px; }
.fields .d3, .fields .d4 { padding-left: 58px; }
.method { display: inline-block; min-width: 48px; font: 600 11px/18px var(--mono); color: var(--info-ink); }
.method.post { color: var(--good-ink); }
.method.patch, .method.put { color: var(--warn-ink); }
.method.delete { color: var(--bad-ink); }
.contents a { padding: 3px 10px; font-size: 13px; gap: 0; }
.contents .group-link { font-weight: 600; margin-top: 10px; }
.contents ul ul a { color: var(--muted); align-items: baseline; }
.contents ul ul a:hover { color: var(--text); }
@media (max-width: 1080px) { .call { grid-template-columns: minmax(0, 1fr); } .call .try { position: static; } }
@media (max-width: 820px) {
  .contents ul ul { display: none; }
  .contents .group-link { margin: 0; font-weight: 400; }
  .contents a { padding: 8px 10px 9px; }
  .fields td:nth-child(2) { white-space: normal; }
}
`;
