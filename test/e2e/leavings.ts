/** Everything that a session could leave in a browser, recorded from the first line of a page on. */
import type { Person } from './stage.ts';

interface Watched {
  /** Object URLs that were created and not revoked. */
  readonly urls: Set<string>;
  /** Files that the page offered for download. */
  readonly saved: string[];
  readonly copied: string[];
  readonly length: number;
}

/** In the page. */
export function watchLeavings(): void {
  const watched: Watched = { urls: new Set(), saved: [], copied: [], length: history.length };
  Object.assign(window, { watched });
  const make = URL.createObjectURL.bind(URL);
  URL.createObjectURL = (object) => {
    const url = make(object);
    watched.urls.add(url);
    return url;
  };
  const revoke = URL.revokeObjectURL.bind(URL);
  URL.revokeObjectURL = (url) => {
    watched.urls.delete(url);
    revoke(url);
  };
  HTMLAnchorElement.prototype.click = function (this: HTMLAnchorElement) {
    watched.saved.push(`${this.download} ${this.href}`);
  };
  for (const name of ['write', 'writeText', 'read', 'readText'] as const)
    Object.defineProperty(navigator.clipboard, name, {
      value: async (what: unknown) => void watched.copied.push(`${name} ${String(what)}`),
    });
  const execute = document.execCommand.bind(document);
  document.execCommand = (command, ...o) => {
    if (['copy', 'cut', 'paste'].includes(command)) watched.copied.push(command);
    return execute(command, ...o);
  };
}

/** Everything that a page has stored, and what is in the address bar, the history and the clipboard. */
export async function leavings(person: Person) {
  const inPage = await person.page.evaluate(async () => {
    const { watched } = window as unknown as { watched: Watched };
    const { navigation } = window as unknown as { navigation?: { entries(): { url: string | null }[] } };
    const files: string[] = [];
    for await (const name of (await navigator.storage.getDirectory()).keys()) files.push(name);
    return {
      session: Object.keys(sessionStorage),
      local: Object.keys(localStorage),
      databases: (await indexedDB.databases()).length,
      caches: (await caches.keys()).length,
      workers: (await navigator.serviceWorker.getRegistrations()).length,
      files,
      name: window.name,
      address: location.pathname + location.search + location.hash,
      fragments: (navigation?.entries() ?? []).filter(({ url }) => url?.includes('#')).length,
      entries: history.length - watched.length,
      state: history.state as unknown,
      title: document.title,
      urls: [...watched.urls],
      saved: watched.saved,
      copied: watched.copied,
    };
  });
  // HttpOnly cookies included.
  const cookies = (await person.page.browserContext().cookies()).length;
  return { ...inPage, cookies };
}

export const NOTHING: Awaited<ReturnType<typeof leavings>> = {
  session: [],
  local: [],
  databases: 0,
  caches: 0,
  workers: 0,
  files: [],
  name: '',
  address: '/room.html',
  fragments: 0,
  entries: 0,
  state: null,
  title: 'Videoberatung',
  urls: [],
  saved: [],
  copied: [],
  cookies: 0,
};

/** Leaves something of each kind, so that a test can prove that it is detected. */
export const leaveEverything = (person: Person): Promise<void> =>
  person.page.evaluate(async () => {
    for (const storage of [sessionStorage, localStorage]) storage.setItem('x', 'x');
    document.cookie = 'x=x';
    await new Promise((resolve) => indexedDB.open('x').addEventListener('success', resolve));
    await caches.open('x');
    await (await navigator.storage.getDirectory()).getFileHandle('x', { create: true });
    window.name = document.title = 'x';
    history.pushState('x', '', '#x');
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob(['x']));
    link.click();
    await navigator.clipboard.writeText('x');
  });

/**
 * Everything that can be read out of a page: text and attributes through all shadow roots, visible or not, values of
 * fields, and the state of the elements.
 */
export const legible = (person: Person): Promise<string> =>
  person.page.evaluate(() => {
    const found: string[] = [];
    const walk = (node: Node): void => {
      if (node instanceof Text || node instanceof Comment) found.push(node.data);
      if (node instanceof Element) {
        found.push(...[...node.attributes].map(({ value }) => value));
        if (node instanceof HTMLInputElement || node instanceof HTMLTextAreaElement) found.push(node.value);
        if (node.shadowRoot) walk(node.shadowRoot);
      }
      if (node instanceof HTMLElement && node.localName === 'consult-room')
        found.push(JSON.stringify((node as unknown as { room: { state: unknown } }).room.state));
      if (!(node instanceof HTMLStyleElement)) node.childNodes.forEach(walk);
    };
    walk(document);
    return found.join(' ');
  });
