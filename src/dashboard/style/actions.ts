// What acts and what tells of acts: forms, their confirmations, and the timeline.

export const ACTIONS = `
div.actions { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
.actions form { display: contents; }
.act { max-width: 560px; }
.act form.pad, form.pad { display: grid; grid-template-columns: minmax(0, 1fr); gap: 16px; }
.field { display: grid; grid-template-columns: minmax(0, 1fr); gap: 4px; }
.field > label, .field > .label { font-weight: 500; }
.field .help { font-size: 13px; color: var(--muted); max-width: 68ch; }
.field input[type="text"] { width: 220px; }
.field select { justify-self: start; min-width: min(220px, 100%); }
.field input.long, .field textarea, .field input[type="password"], .field input[type="url"], .field input[type="email"] { width: 100%; }
.field.check { grid-template-columns: 16px minmax(0, 1fr); column-gap: 8px; }
.field.check .help, .field.check .field-error { grid-column: 2; }
.group-of-fields { display: grid; gap: 12px; min-width: 0; margin: 0; padding: 8px 0 0; border: 0; }
.group-of-fields legend { padding: 0; font-weight: 600; }
.group-of-fields .help { font-size: 13px; color: var(--muted); }
.fields-in-a-row { display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); gap: 8px 12px; align-items: start; }
.fields-in-a-row > textarea { align-self: stretch; resize: vertical; width: 100%; }
.bare-set { border: 0; padding: 0; margin: 0; min-width: 0; }
.fields { display: grid; gap: 16px; }
.save { position: sticky; bottom: 0; padding: 12px 0; margin-bottom: 24px; background: var(--canvas); }
.preview { margin: 0; padding: 12px 16px; background: var(--sunken); border-radius: 6px; white-space: pre-line; overflow-wrap: anywhere; }
.gauge { display: block; width: 100%; min-width: 96px; height: 6px; margin-top: 4px; appearance: none; border-radius: 99px; background: var(--line); overflow: hidden; }
.gauge::-webkit-meter-inner-element, .gauge::-webkit-meter-bar { display: block; height: 6px; border: 0; background: none; }
.gauge::-webkit-meter-optimum-value, .gauge::-moz-meter-bar { background: var(--good-ink); }
.gauge::-webkit-meter-suboptimum-value { background: var(--warn-ink); }
.field-error { color: var(--bad-ink); font-size: 13px; }
.hint-said { font-size: 13px; }
.hint-said.good { color: var(--good-ink); } .hint-said.bad { color: var(--bad-ink); }
.choice { border: 0; padding: 0; margin: 0; display: grid; gap: 8px; }
.choice legend { padding: 0 0 4px; font-weight: 500; }
.choice label { display: grid; grid-template-columns: 16px minmax(0, 1fr); gap: 8px; }
.choice .muted { display: block; font-size: 13px; }
.types { border: 0; padding: 8px 0 0; margin: 0; display: grid; gap: 8px; }
.types legend { padding: 0 0 8px; }
.types label { display: grid; grid-template-columns: 16px minmax(0, 1fr); gap: 8px; }
.act .actions { gap: 12px; }
.act ul { padding-left: 20px; display: grid; gap: 4px; }
.act .filter { display: grid; grid-template-columns: max-content minmax(0, 320px); gap: 8px 12px; margin-bottom: 16px; }
.act .filter select, .act .filter input { width: 100%; }
.act .filter .named { display: contents; }
.act .filter button { grid-column: 2; justify-self: start; }
.try-log + .try-log { border-top: 1px solid var(--line); }
.pad.try-log { gap: 6px; }
.answer { padding: 10px 12px; background: var(--sunken); border-radius: 6px; white-space: pre-wrap; }
.invoice-actions { margin-bottom: 16px; }
@media (max-width: 820px) { .invoice-actions { position: relative; } .invoice-actions .menu { position: static; } .invoice-actions .floating { left: 0; right: 0; max-width: none; } }
.line-fields { display: grid; grid-template-columns: minmax(0, 1fr) 80px 120px; gap: 8px; align-items: start; }
.line-fields .field input { width: 100%; }
.act.wide { max-width: 760px; }
fieldset.lines { border: 0; padding: 0; margin: 0; display: grid; gap: 8px; min-width: 0; }
fieldset.lines legend { padding: 0 0 8px; font-weight: 600; }
@media (min-width: 561px) { .line-fields + .line-fields label { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); } }
@media (max-width: 560px) { .line-fields { grid-template-columns: 80px minmax(0, 1fr); padding-bottom: 12px; border-bottom: 1px solid var(--line); } .line-fields .field:first-child { grid-column: 1 / -1; } }
.earlier { display: grid; gap: 4px; }
.timeline { list-style: none; padding: 16px; }
.timeline li { position: relative; padding: 0 0 16px 24px; }
.timeline li:last-child { padding-bottom: 0; }
.timeline li::before { content: ""; position: absolute; left: 2px; top: 6px; width: 9px; height: 9px; border-radius: 50%; background: var(--idle-ink); }
.timeline li:not(:last-child)::after { content: ""; position: absolute; left: 6px; top: 18px; bottom: -3px; width: 1px; background: var(--line); }
.timeline li.good::before { background: var(--good-ink); }
.timeline li.info::before { background: var(--info-ink); }
.timeline li.warn::before { background: var(--warn-ink); }
.timeline li.bad::before { background: var(--bad-ink); }
.timeline .muted { font-size: 13px; }
.tested { display: grid; gap: 12px; }
.checks { list-style: none; display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 8px 12px; }
.checks li { display: grid; grid-column: 1 / -1; grid-template-columns: subgrid; align-items: baseline; justify-items: start; }
.event-types { margin-top: 10px; display: grid; gap: 6px; }
.event-types dd { color: var(--muted); }
`;
