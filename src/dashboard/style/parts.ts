// The pieces of the pages: panels, badges, tiles, tabs, facts, notices, copy fields.

export const PARTS = `
.page-head { display: flex; flex-wrap: wrap; align-items: flex-start; justify-content: space-between; gap: 8px 24px; margin-bottom: 16px; }
.page-head > div:first-child { min-width: 0; }
.page-head p { margin-top: 2px; }
.page-head .amount { margin: 0; font-size: 20px; line-height: 28px; font-weight: 600; letter-spacing: -0.01em; }
.page-head .amount .muted { font-size: 13px; font-weight: 400; letter-spacing: 0; }
.crumb { display: flex; gap: 4px; margin-bottom: 4px; font-size: 13px; }
.crumb a { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
p.crumb a { text-decoration: none; }
.crumb::before { content: "←" / ""; color: var(--muted); }
.panel { background: var(--surface); border: 1px solid var(--line); border-radius: 8px; margin-bottom: 24px; }
.panel-head { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 4px 12px; padding: 10px 16px; border-bottom: 1px solid var(--line); }
.panel-head h2 { font-size: 14px; line-height: 20px; }
.panel-head a { font-size: 13px; }
.pad { padding: 16px; }
div.pad, section.pad { display: grid; grid-template-columns: minmax(0, 1fr); gap: 12px; }
.pad p, .pad ul, .pad ol { max-width: 68ch; }
.columns { display: grid; grid-template-columns: minmax(0, 1fr) 360px; gap: 0 24px; align-items: start; }
.columns.even { grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); }
.columns > div { min-width: 0; }
.columns > .beside { position: sticky; top: 24px; }

.badge { display: inline-flex; align-items: center; gap: 6px; padding: 0 8px; border-radius: 99px; font-size: 12px; line-height: 20px; font-weight: 500; white-space: nowrap; }
.badge::before { content: ""; width: 6px; height: 6px; border-radius: 50%; background: currentColor; flex: none; }
.badge.good { color: var(--good-ink); background: var(--good-bg); }
.badge.info { color: var(--info-ink); background: var(--info-bg); }
.badge.warn { color: var(--warn-ink); background: var(--warn-bg); }
.badge.bad { color: var(--bad-ink); background: var(--bad-bg); }
.badge.idle { color: var(--idle-ink); background: var(--idle-bg); }
.badge.sandbox { color: var(--sandbox-ink); background: var(--sandbox-bg); }
.badges { display: inline-flex; flex-wrap: wrap; gap: 4px; }
.state { display: flex; flex-wrap: wrap; gap: 4px 8px; align-items: baseline; }
.reason { display: block; margin-top: 2px; font-size: 13px; color: var(--muted); max-width: 60ch; }

.tiles { list-style: none; padding: 0; margin-bottom: 24px; display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 16px; }
.tiles a { display: grid; height: 100%; align-content: start; gap: 2px; padding: 12px 16px; background: var(--surface); border: 1px solid var(--line); border-radius: 8px; color: inherit; text-decoration: none; }
.tiles a:hover { border-color: var(--control); }
.tile-name { font-size: 13px; color: var(--muted); }
.tile-value { font-size: 28px; line-height: 32px; font-weight: 600; letter-spacing: -0.02em; overflow-wrap: normal; }
.tile-value.small { font-size: 20px; line-height: 28px; }
.tile-more { font-size: 13px; color: var(--muted); }

.banner { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 8px 24px; padding: 12px 16px; margin-bottom: 24px; border-radius: 8px; border: 1px solid; }
.banner > div { flex: 1 1 320px; }
.banner strong { display: block; }
.banner .ago { display: none; }
.banner.bad { background: var(--bad-bg); border-color: var(--bad-ink); }
.banner.warn { background: var(--warn-bg); border-color: var(--warn-ink); }
.issues { list-style: none; padding: 0; }
.issue { display: grid; grid-template-columns: 10px minmax(0, 1fr) auto; gap: 2px 12px; padding: 12px 16px; align-items: start; }
.issue + .issue { border-top: 1px solid var(--line); }
.issue::before { content: ""; width: 10px; height: 10px; margin-top: 5px; border-radius: 50%; background: var(--warn-ink); }
.issue.bad::before { background: var(--bad-ink); border-radius: 2px; }
.issue time { white-space: nowrap; }
.issue p { font-size: 13px; color: var(--muted); max-width: 92ch; }
.all-clear { display: flex; gap: 8px; align-items: center; padding: 12px 16px; }
.all-clear .icon { color: var(--good-ink); }

.tabs { margin-bottom: 16px; border-bottom: 1px solid var(--line); overflow-x: auto; scrollbar-width: none; }
.tabs ul { list-style: none; padding: 0; display: flex; gap: 4px; }
.tabs a { display: block; padding: 6px 10px; color: var(--muted); white-space: nowrap; border-bottom: 2px solid transparent; text-decoration: none; }
.tabs a:hover { color: var(--text); }
li:not(:first-child) > a[aria-current] { scroll-initial-target: nearest; }
.tabs a[aria-current] { color: var(--text); font-weight: 600; border-bottom-color: var(--accent); }
.tabs a:focus-visible { outline-offset: -2px; }
.filter { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; margin-bottom: 16px; }
.filter input { min-width: 0; }
.filter label { color: var(--muted); font-size: 13px; }
.filter select { flex: 0 1 auto; min-width: 0; max-width: 300px; }
.filter > label { display: inline-flex; align-items: center; gap: 8px; min-width: 0; }
.filter .named { display: inline-flex; align-items: center; gap: 8px; min-width: 0; }
.filter .wide-search { flex: 1 1 240px; min-width: 0; max-width: 480px; }
.pad .filter { margin-bottom: 0; }
.filter .sum { margin-left: auto; font-size: 13px; color: var(--muted); }
.chips { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 8px; margin-bottom: 16px; }
.chips a { display: inline-flex; align-items: center; gap: 6px; min-height: 28px; padding: 3px 12px; border: 1px solid var(--line); border-radius: 99px; background: var(--surface); color: var(--text); font-size: 13px; text-decoration: none; }
.chips a:hover { border-color: var(--control); }
.chips a[aria-current] { background: var(--text); border-color: var(--text); color: var(--surface); }
.pager { display: flex; gap: 8px; align-items: center; justify-content: flex-end; margin: -8px 0 24px; font-size: 13px; }
.pager .muted { margin-right: auto; }

.facts, .stacked { display: grid; gap: 8px 12px; }
.facts { grid-template-columns: fit-content(136px) minmax(0, 1fr); }
.facts > div { display: grid; grid-column: 1 / -1; grid-template-columns: subgrid; align-items: baseline; }
.facts dt, .stacked dt { color: var(--muted); font-size: 13px; }
.guide { display: grid; grid-template-columns: 220px minmax(0, 640px); gap: 16px 32px; align-items: start; }
.guide-steps { list-style: none; padding: 0; counter-reset: step; display: grid; gap: 4px; }
.guide-steps li { counter-increment: step; }
.guide-steps a { display: grid; grid-template-columns: 24px minmax(0, 1fr); gap: 10px; align-items: center; padding: 6px 8px; border-radius: 6px; color: var(--muted); text-decoration: none; }
.guide-steps a:hover { background: var(--sunken); }
.guide-steps a[aria-current] { color: var(--text); font-weight: 600; background: var(--sunken); }
.guide-steps a::before { content: counter(step); width: 24px; height: 24px; border-radius: 50%; display: grid; place-items: center; font-size: 12px; font-weight: 600; background: var(--idle-bg); color: var(--idle-ink); }
.guide-steps .done a::before { content: "✓" / ""; background: var(--good-bg); color: var(--good-ink); }
.guide-steps a[aria-current]::before { background: var(--accent); color: var(--accent-ink); }
.guide .live { margin-bottom: 16px; }
.live:focus { outline: none; }
.ticks { list-style: none; padding: 0; display: grid; gap: 6px; }
.ticks li { position: relative; padding-left: 26px; color: var(--muted); overflow-wrap: anywhere; }
.ticks li::before { content: "○" / ""; position: absolute; left: 4px; }
.ticks .done { color: var(--text); }
.ticks .done::before { content: "✓" / ""; color: var(--good-ink); font-weight: 600; }
.rows { list-style: none; display: grid; gap: 16px; }
.rows li { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; overflow-wrap: anywhere; }
.by-hand { padding-left: 36px; display: grid; gap: 12px; }
.by-hand .copy { margin-top: 4px; }
.panel form.pad + form.pad, .panel div.pad + form.pad, .panel ol.pad + form.pad { padding-top: 0; }
.pair { display: flex; flex-wrap: wrap; gap: 8px 32px; }
.pair dt { color: var(--muted); font-size: 13px; }
.pair dd { font-size: 20px; line-height: 28px; font-weight: 600; }
.pair .bad dd { color: var(--bad-ink); }
.acts { display: inline-flex; flex-wrap: wrap; gap: 4px 16px; }

.notice { padding: 10px 16px; border-radius: 6px; display: grid; gap: 4px; }
.notice.good { background: var(--good-bg); }
.notice.info { background: var(--info-bg); }
.notice.warn { background: var(--warn-bg); }
.notice.bad { background: var(--bad-bg); }
.notice-title { font-weight: 600; }
.notice ol { padding-left: 20px; }
.act > .notice { margin-bottom: 16px; }
.page-note { margin-bottom: 16px; }
.page-note:empty { display: none; }
.empty { padding: 48px 16px; max-width: 60ch; margin: 0 auto; text-align: center; display: grid; gap: 8px; justify-items: center; }
.empty-title { font-size: 16px; line-height: 24px; font-weight: 600; }
.empty p:not(.empty-title) { color: var(--muted); }
.steps { list-style: none; counter-reset: step; padding: 4px 16px; }
.steps > li { counter-increment: step; position: relative; display: grid; gap: 2px; padding: 12px 0 12px 40px; max-width: none; }
.steps > li + li { border-top: 1px solid var(--line); }
.steps > li::before { content: counter(step); position: absolute; left: 0; top: 12px; width: 24px; height: 24px; border-radius: 50%; display: grid; place-items: center; font-size: 12px; font-weight: 600; background: var(--sunken); color: var(--muted); }
.steps > .now::before { background: var(--accent); color: var(--accent-ink); }
.steps > .done::before { content: "✓" / ""; background: var(--good-bg); color: var(--good-ink); }
.steps > .done > strong { font-weight: 500; }
.steps .actions { margin-top: 8px; }

.copy { display: flex; gap: 8px; max-width: 640px; }
.copy input { flex: 1; min-width: 0; font: 12.5px/20px var(--mono); background: var(--sunken); border-color: var(--line); text-overflow: ellipsis; }
.copy button { flex: none; }
.copy-id { display: inline-flex; align-items: center; gap: 4px; max-width: 100%; }
.copy-id code { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.copy-id button { flex: none; white-space: nowrap; min-height: 24px; padding: 0 6px; font-size: 12px; line-height: 20px; border-color: transparent; background: none; color: var(--muted); }
.copy-id button { position: relative; }
.copy-id button::after { content: ""; position: absolute; inset: -8px -4px; }
.copy-id button:hover { background: var(--sunken); color: var(--text); }
.page-state { margin-bottom: 16px; }
.facts .clip { max-width: 100%; }
.at-stripe { display: flex; flex-wrap: wrap; align-items: center; gap: 0 10px; min-width: 0; }
.payer-address { display: flex; flex-wrap: wrap; gap: 4px 20px; align-items: start; }
.payer-address summary { color: var(--accent); }
.payer-address details[open] { flex-basis: 100%; order: 1; }
.qr { display: block; width: 196px; height: 196px; margin-top: 10px; padding: 12px; background: #ffffff; border: 1px solid var(--line); border-radius: 8px; }
.copy-block { position: relative; }
.copy-block:has(button:not([hidden])) pre { padding-right: 76px; }
.copy-block pre { padding: 12px 16px; background: var(--sunken); border-radius: 6px; white-space: pre-wrap; }
.copy-block button { position: absolute; top: 6px; right: 6px; min-height: 28px; padding: 3px 10px; font-size: 12px; }
.switch-tabs { display: grid; gap: 8px; }
.switch-tabs details { border: 1px solid var(--line); border-radius: 6px; }
.switch-tabs summary { padding: 6px 12px; font-weight: 500; }
.switch-tabs .copy-block pre { border-radius: 0 0 6px 6px; }
.payload > summary { color: var(--muted); font-size: 13px; }
.by-api > summary { padding: 10px 16px; font-size: 13px; color: var(--muted); }
.by-api[open] > summary { border-bottom: 1px solid var(--line); }
.by-api-call { display: grid; gap: 6px; }
.json { padding: 12px 16px; white-space: pre-wrap; }
.mail { display: block; width: 100%; height: 640px; border: 0; background: #f3f6f5; }
.j-key { color: var(--info-ink); }
.j-text { color: var(--good-ink); }
.j-value { color: var(--warn-ink); }
.menu { position: relative; display: inline-block; }
.menu > summary { list-style: none; }
.menu .floating { left: auto; right: 0; min-width: 180px; }
.live[data-pending]::after { content: "Waiting for news…"; display: block; margin: -12px 0 24px; font-size: 13px; color: var(--muted); }
.panel > .live[data-pending]::after { margin: 0; padding: 8px 16px; }
.live[data-pending]:is([aria-live="off"], [data-live="invoice-standing"])::after { content: none; }

@media (max-width: 1080px) { .columns > .beside { position: static; }
  .columns, .columns.even { grid-template-columns: minmax(0, 1fr); } .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
@media (max-width: 1080px) { .guide { grid-template-columns: minmax(0, 1fr); } .guide-steps { grid-auto-flow: column; grid-auto-columns: minmax(0, 1fr); } }
@media (max-width: 820px) { .guide-steps { grid-auto-columns: max-content; } .guide-steps a { font-size: 0; gap: 0; } .tiles { gap: 8px; } .issue { grid-template-columns: 10px minmax(0, 1fr); } .issue .act-on { grid-column: 2; justify-self: start; margin-top: 4px; } }
@media (min-width: 821px) { .tabs ul { flex-wrap: wrap; } }
@media (max-width: 560px) {
  .chips { flex-wrap: nowrap; overflow-x: auto; scrollbar-width: none; margin-inline: -16px; padding-inline: 16px; scroll-padding-inline: 16px; }
  .chips a { white-space: nowrap; }
  .page .filter :is(.named, label) ~ button { flex: 1 1 100%; }
  .field select, .field input[type="text"] { width: 100%; }
  .copy-block:has(button:not([hidden])) pre { padding: 44px 12px 12px; }
}
@media (max-width: 560px) { .page .filter > label, .page .filter .named { display: grid; grid-template-columns: 88px minmax(0, 1fr); flex: 1 1 100%; } .page .filter > label:has([type="date"]) { grid-template-columns: minmax(0, 1fr); gap: 2px; flex-basis: 40%; } .page .filter .named > :not(label), .page .filter > label > * { width: 100%; max-width: none; } }
@media (max-width: 480px) { .facts .whole { white-space: normal; } .tile-value { font-size: 20px; line-height: 28px; } .tiles a { padding: 12px; } }
`;
