/** Modules that the build makes (site/plugin.ts). */
declare module 'virtual:elements' {
  export const elements: readonly {
    readonly tag: string;
    readonly parts: readonly { readonly name: string; readonly description: string }[];
    readonly properties: readonly { readonly name: string; readonly description: string; readonly initial: string }[];
  }[];
}
declare module 'virtual:themes' {
  /** Name → stylesheet, without the ending. */
  export const themes: Readonly<Record<string, string>>;
}
declare module 'virtual:hashes' {
  /** Of the files in dist/cdn; null where it was not built. */
  export const hashes: Readonly<Record<string, string>> | null;
}
declare module 'virtual:tokens.css' {}
