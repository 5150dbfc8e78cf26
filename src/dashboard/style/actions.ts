// What acts and what tells of acts: forms, their confirmations, and the timeline.

export const ACTIONS = `
div.actions { display: flex; flex-wrap: wrap; gap: 8px; }
.actions form { display: contents; }
a.button { display: inline-block; border: 1px solid var(--line-strong); border-radius: 6px; background: var(--surface); color: var(--text); padding: 4px 12px; }
a.button:hover { background: var(--sunken); text-decoration: none; }
button.danger { background: var(--bad-ink); border-color: var(--bad-ink); color: var(--surface); font-weight: 600; padding: 8px 14px; }
button.danger:hover { filter: brightness(1.08); }
.act { max-width: 640px; }
.act form.pad { display: grid; gap: 14px; }
.act .field { display: grid; gap: 4px; }
.act .field label { font-weight: 600; }
.act .field input[type="text"], .act .field select { padding: 8px 10px; width: 220px; }
.act .field input.long { width: 100%; }
.types { border: 0; padding: 8px 0 0; margin: 0; display: grid; gap: 8px; }
.types legend { padding: 0 0 8px; }
.types label { display: grid; grid-template-columns: 16px minmax(0, 1fr); gap: 8px; align-items: baseline; }
.field-error { color: var(--bad-ink); }
.act .actions { align-items: center; gap: 12px; }
.act .actions a.button { padding: 8px 14px; }
.act ul { padding-left: 20px; display: grid; gap: 4px; }
.act .filter { display: grid; grid-template-columns: max-content minmax(0, 320px); gap: 8px 12px; margin-bottom: 16px; }
.act .filter select, .act .filter input { width: 100%; }
.act .filter button { grid-column: 2; justify-self: start; }
td form button { padding: 2px 10px; }
.page-head .actions { align-items: center; gap: 12px; }
.try-log + .try-log { border-top: 1px solid var(--line); }
.pad.try-log { gap: 6px; }
.try-log h3 { margin: 0; }
.answer { padding: 10px 12px; background: var(--sunken); border-radius: 6px; white-space: pre-wrap; }
.notice.good { background: var(--good-bg); }
.page-note { margin-bottom: 16px; }
.page-note:empty { display: none; }
.earlier { display: grid; gap: 4px; }
.timeline { list-style: none; padding: 14px 16px; }
.timeline li { position: relative; padding: 0 0 14px 22px; }
.timeline li:last-child { padding-bottom: 0; }
.timeline li::before { content: ""; position: absolute; left: 2px; top: 6px; width: 9px; height: 9px; border-radius: 50%; background: var(--idle-ink); }
.timeline li:not(:last-child)::after { content: ""; position: absolute; left: 6px; top: 18px; bottom: -3px; width: 1px; background: var(--line-strong); }
.timeline li.good::before { background: var(--good-ink); }
.timeline li.info::before { background: var(--info-ink); }
.timeline li.warn::before { background: var(--warn-ink); }
.timeline li.bad::before { background: var(--bad-ink); }
.timeline .muted { font-size: 13px; }
.tested { display: grid; gap: 12px; }
.checks { list-style: none; padding: 0; display: grid; gap: 8px; }
.checks li { display: grid; grid-template-columns: 64px minmax(0, 1fr); gap: 12px; align-items: baseline; }
.event-types { margin-top: 10px; display: grid; gap: 6px; }
.event-types dd { color: var(--muted); }
`;
