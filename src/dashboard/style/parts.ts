// The pieces of the pages: panels, badges, tiles, tabs, facts, notices, copy fields.

export const PARTS = `
.page-head { display: flex; flex-wrap: wrap; align-items: flex-start; justify-content: space-between; gap: 8px 24px; margin-bottom: 16px; }
.page-head p { margin-top: 2px; }
.page-head .amount { margin: 0; font-size: 22px; font-weight: 620; letter-spacing: -0.01em; }
.page-head .amount .muted { font-size: 13px; font-weight: 400; letter-spacing: 0; }
.crumb { margin-bottom: 4px; font-size: 13px; }
.crumb::before { content: "← " / ""; color: var(--muted); }
.panel { background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); margin-bottom: 16px; overflow: hidden; }
.panel-head { display: flex; align-items: center; justify-content: space-between; gap: 12px; padding: 10px 16px; border-bottom: 1px solid var(--line); }
.panel-head a { font-size: 13px; }
.pad { padding: 14px 16px; }
div.pad { display: grid; gap: 12px; }
.columns { display: grid; grid-template-columns: minmax(0, 1fr) 340px; gap: 0 16px; align-items: start; }
.columns > div { min-width: 0; }

.badge { display: inline-block; padding: 0 8px; border-radius: 99px; font-size: 12px; line-height: 20px; font-weight: 560; white-space: nowrap; }
.badges { display: inline-flex; flex-wrap: wrap; gap: 4px; }
.badge.good { color: var(--good-ink); background: var(--good-bg); }
.badge.info { color: var(--info-ink); background: var(--info-bg); }
.badge.warn { color: var(--warn-ink); background: var(--warn-bg); }
.badge.bad { color: var(--bad-ink); background: var(--bad-bg); }
.badge.idle { color: var(--idle-ink); background: var(--idle-bg); }
.state { display: flex; flex-wrap: wrap; gap: 4px 8px; align-items: baseline; }
.reason { display: block; margin-top: 2px; font-size: 13px; color: var(--muted); max-width: 60ch; }

.tiles { list-style: none; padding: 0; margin-bottom: 16px; display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 12px; }
.tiles a { display: grid; height: 100%; align-content: start; padding: 12px 16px; background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); color: inherit; }
.tiles a:hover { text-decoration: none; border-color: var(--line-strong); }
.tile-name { font-size: 13px; color: var(--muted); }
.tile-value { font-size: 26px; line-height: 1.25; font-weight: 620; letter-spacing: -0.02em; }

.tabs { margin-bottom: 12px; border-bottom: 1px solid var(--line); overflow-x: auto; scrollbar-width: none; }
.tabs ul { list-style: none; padding: 0; display: flex; gap: 4px; }
.tabs a { display: block; padding: 6px 10px; color: var(--muted); white-space: nowrap; border-bottom: 2px solid transparent; }
.tabs a::first-letter { text-transform: uppercase; }
.tabs a:hover { color: var(--text); text-decoration: none; }
.tabs a[aria-current] { color: var(--text); font-weight: 600; border-bottom-color: var(--accent); }
.tabs a:focus-visible { outline-offset: -2px; }
.filter { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; margin-bottom: 12px; }
.filter label { color: var(--muted); }
.filter select { flex: 0 1 auto; min-width: 0; width: 300px; }
.pager { display: flex; gap: 16px; align-items: center; justify-content: flex-end; margin: -4px 0 16px; }
.pager a { padding: 4px 12px; border: 1px solid var(--line-strong); border-radius: 6px; background: var(--surface); color: var(--text); }
.pager a:hover { background: var(--sunken); text-decoration: none; }

.facts { display: grid; gap: 8px; }
.facts > div { display: grid; grid-template-columns: 116px minmax(0, 1fr); gap: 12px; align-items: baseline; }
.facts dt { color: var(--muted); font-size: 13px; }
.columns > :last-child .facts > div { grid-template-columns: 88px minmax(0, 1fr); }
.pad h3 { margin: 4px 0 -4px; }

.notice { padding: 10px 14px; border-radius: 6px; display: grid; gap: 4px; }
.notice.info { background: var(--info-bg); }
.notice.warn { background: var(--warn-bg); }
.notice.bad { background: var(--bad-bg); }
.notice-title { font-weight: 600; }
.notice ol { padding-left: 20px; }
.empty { padding: 36px 16px; max-width: 60ch; margin: 0 auto; text-align: center; display: grid; gap: 4px; }
.empty-title { font-weight: 600; }
.empty p:not(.empty-title) { color: var(--muted); }
.steps { list-style: none; counter-reset: step; padding: 6px 16px; }
.steps li { counter-increment: step; position: relative; display: grid; padding: 10px 0 10px 38px; }
.steps li + li { border-top: 1px solid var(--line); }
.steps li::before { content: counter(step); position: absolute; left: 0; top: 11px; width: 24px; height: 24px; border-radius: 50%; display: grid; place-items: center; font-size: 13px; font-weight: 600; background: var(--sunken); }

.copy { display: flex; max-width: 640px; }
.copy input { flex: 1; min-width: 0; font-family: var(--mono); font-size: 12.5px; background: var(--sunken); text-overflow: ellipsis; }
.copy button { flex: none; margin-left: 6px; font-size: 13px; }
.payer-address { display: flex; flex-wrap: wrap; gap: 4px 20px; align-items: start; }
.payer-address summary { color: var(--accent); }
.payer-address details[open] { flex-basis: 100%; order: 1; }
.qr { display: block; width: 196px; height: 196px; margin-top: 10px; padding: 12px; background: #ffffff; border: 1px solid var(--line); border-radius: 8px; }
.copy-block { position: relative; }
.copy-block pre { padding: 12px 14px; background: var(--sunken); border-radius: 6px; white-space: pre-wrap; }
.copy-block button { position: absolute; top: 6px; right: 6px; font-size: 12px; padding: 2px 8px; }
.json { padding: 14px 16px; line-height: 1.55; white-space: pre-wrap; }
.mail { display: block; width: 100%; height: 640px; border: 0; background: #f3f6f5; }
.j-key { color: var(--info-ink); }
.j-text { color: var(--good-ink); }
.j-value { color: var(--warn-ink); }

@media (max-width: 1080px) { .columns { grid-template-columns: minmax(0, 1fr); } }
@media (max-width: 820px) { .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 8px; } }
@media (max-width: 480px) { .facts > div { grid-template-columns: minmax(0, 1fr) !important; gap: 0; } }
`;
