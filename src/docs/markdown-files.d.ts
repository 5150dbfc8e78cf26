// A guide is imported as its text (wrangler.toml, rules).
declare module "*.md" {
  const text: string;
  // biome-ignore lint/style/noDefaultExport: the bundler makes it so.
  export default text;
}
