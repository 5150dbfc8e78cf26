// Line icons of 16 units. Decoration beside words: hidden from screen readers.

const PATHS = {
  overview: "M2.5 2.5h4.5v5H2.5zM9 2.5h4.5v3H9zM9 7.5h4.5v6H9zM2.5 9.5H7v4H2.5z",
  invoices: "M3.5 1.5h9v13l-2.25-1.5L8 14.5 5.75 13 3.5 14.5zM6 5h4M6 8h4",
  payments: "M1.5 3.5h13v9h-13zM1.5 6.5h13M4 10h3",
  customers: "M8 8a2.75 2.75 0 1 0 0-5.5A2.75 2.75 0 0 0 8 8zM2.5 14a5.5 4.5 0 0 1 11 0",
  subscriptions: "M13.5 6.5a6 6 0 0 0-10.8-1.7M2.5 2v3h3M2.5 9.5a6 6 0 0 0 10.8 1.7M13.5 14v-3h-3",
  mails: "M1.5 3.5h13v9h-13zM1.5 4.5 8 9l6.5-4.5",
  events: "M8 1.5v7M5 6l3 3 3-3M2 10v3.5h12V10",
  connections: "M5.5 1.5V5M10.5 1.5V5M3.5 5h9v2.5a4.5 4.5 0 0 1-9 0zM8 12v2.5",
  destinations: "M2 3.5h7M2 8h5M2 12.5h7M10 4.5 13.5 8 10 11.5M7 8h6.5",
  audit: "M3 1.5h10v13H3zM5.5 5h5M5.5 8h5M5.5 11h3",
  jobs: "M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM8 4.5V8l2.5 1.5",
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
