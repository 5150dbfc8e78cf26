// Line icons of 16 units. Decoration beside words: hidden from screen readers.

const PATHS = {
  home: "M2 7.5 8 2.5l6 5M3.5 6.5v7h9v-7M6.5 13.5v-4h3v4",
  issues: "M8 2 14.5 13.5h-13zM8 6.5v3M8 11.5v.2",
  disputes: "M8 2v12M4 14h8M2.5 4.5h11M4.5 4.5 2.5 9.5h4zM11.5 4.5l-2 5h4z",
  sessions: "M2 3h2l1.5 7.5h7L14 5H4.6M6 13.5h.2M12 13.5h.2",
  exports: "M3.5 1.5h6l3 3v10h-9zM8 6v5M5.5 8.8 8 11.3l2.5-2.5",
  keys: "M10.5 9a3.5 3.5 0 1 0-3.3-2.3L2 12v2h2.5v-1.5H6V11h1.5l.8-.8c.7.5 1.5.8 2.2.8M11 5.2v.1",
  settings:
    "M2 4.5h6M12 4.5h2M2 11.5h2M8 11.5h6M10 2.8a1.7 1.7 0 1 1 0 3.4 1.7 1.7 0 0 1 0-3.4M6 9.8a1.7 1.7 0 1 1 0 3.4 1.7 1.7 0 0 1 0-3.4",
  search: "M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9M10.3 10.3 14 14",
  menu: "M2 4.5h12M2 8h12M2 11.5h12",
  switch: "M5 6.5 8 3.5l3 3M5 9.5l3 3 3-3",
  check: "M2.5 8.5 6 12l7.5-8",
  invoices: "M3.5 1.5h9v13l-2.25-1.5L8 14.5 5.75 13 3.5 14.5zM6 5h4M6 8h4",
  payments: "M1.5 3.5h13v9h-13zM1.5 6.5h13M4 10h3",
  customers: "M8 8a2.75 2.75 0 1 0 0-5.5A2.75 2.75 0 0 0 8 8zM2.5 14a5.5 4.5 0 0 1 11 0",
  subscriptions: "M13.5 6.5a6 6 0 0 0-10.8-1.7M2.5 2v3h3M2.5 9.5a6 6 0 0 0 10.8 1.7M13.5 14v-3h-3",
  mails: "M1.5 3.5h13v9h-13zM1.5 4.5 8 9l6.5-4.5",
  events: "M8 1.5v7M5 6l3 3 3-3M2 10v3.5h12V10",
  connections: "M5.5 1.5V5M10.5 1.5V5M3.5 5h9v2.5a4.5 4.5 0 0 1-9 0zM8 12v2.5",
  destinations: "M2 3.5h7M2 8h5M2 12.5h7M10 4.5 13.5 8 10 11.5M7 8h6.5",
  audit: "M3 1.5h10v13H3zM5.5 5h5M5.5 8h5M5.5 11h3",
  docs: "M8 3.5C6.5 2.5 4.5 2.2 2 2.5v10c2.5-.3 4.5 0 6 1 1.5-1 3.5-1.3 6-1v-10c-2.5-.3-4.5 0-6 1zM8 3.5v10",
  external: "M6.5 3.5h-3v9h9v-3M9 2.5h4.5V7M13 3 7.5 8.5",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The mark of the product, with its name. */
export function Brand({ href }: { href: string }) {
  return (
    <a class="brand" href={href}>
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <rect width="24" height="24" rx="6" />
        <path d="M7 12.5l3.4 3.4L17.2 8.6" />
      </svg>
      Quittance
    </a>
  );
}
