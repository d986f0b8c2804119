/** The text of a script with all that it imports, as the builds put it in (`vite.config.ts`). */
declare module '*?source' {
  const source: string;
  export default source;
}
