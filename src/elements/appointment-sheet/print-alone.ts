/**
 * Puts one element alone on the paper. What else is in the page may be private: beside the sheet in `<room-invite>` there is the host link.
 * Works also where people print from the browser's menu. Nothing of the page's own tree is changed: each root between the element and the
 * document gets a style sheet for print alone, written each time before the page is printed. It stays afterwards, because a browser may say that
 * printing is over while it still draws.
 */

/** All on this page. Two would hide each other, so only the one whose button was pressed is alone. */
const all = new Set<Element>();

let pressed: Element | null = null;

/** A page's layout, such as a grid of the height of the window, cuts and moves what is in it. */
const PLAIN =
  'display: block; position: static; float: none; margin: 0; padding: 0; border: 0; inset: auto; inline-size: auto; max-inline-size: none; min-inline-size: 0; block-size: auto; max-block-size: none; min-block-size: 0; overflow: visible; transform: none; filter: none; opacity: 1; background: none; box-shadow: none; clip-path: none; columns: auto; contain: none; content-visibility: visible; container-type: normal';

const IMPORTANT = PLAIN.replaceAll(/;|$/gu, ' !important;');

export class PrintAlone {
  readonly #element: Element;
  #listening = new AbortController();
  #sheets: readonly (readonly [DocumentOrShadowRoot, CSSStyleSheet])[] = [];

  constructor(element: Element) {
    this.#element = element;
  }

  connect(): void {
    all.add(this.#element);
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    window.addEventListener('beforeprint', this.#before, { signal });
    window.addEventListener('afterprint', this.#after, { signal });
  }

  disconnect(): void {
    all.delete(this.#element);
    this.#listening.abort();
    this.#after();
    this.#clear();
  }

  print(): void {
    pressed = this.#element;
    window.print();
  }

  readonly #before = (): void => {
    this.#clear();
    const [first] = all;
    if ((pressed ?? (all.size === 1 ? first : null)) !== this.#element) return;
    this.#sheets = [...rulesAround(this.#element)].map(([root, rules]) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(`@media print { ${rules} }${root === document ? ' @page { margin: 15mm; }' : ''}`);
      root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
      return [root, sheet];
    });
  };

  readonly #after = (): void => {
    if (pressed === this.#element) pressed = null;
  };

  #clear(): void {
    for (const [root, sheet] of this.#sheets)
      root.adoptedStyleSheets = root.adoptedStyleSheets.filter((other) => other !== sheet);
    this.#sheets = [];
  }
}

/** For each root around the element the rules that leave only the way to it. */
function rulesAround(element: Element): ReadonlyMap<DocumentOrShadowRoot, string> {
  const rules = new Map<DocumentOrShadowRoot, string>();
  const add = (root: Node, rule: string): void => {
    if (root instanceof Document || root instanceof ShadowRoot) rules.set(root, `${rules.get(root) ?? ''}\n${rule}`);
  };
  for (let node: Element | null = element; node; node = around(node)) {
    const [root, path] = [node.getRootNode(), `${pathTo(node)}${WEIGHT}`];
    add(root, `${siblingsOf(node)}${WEIGHT} { display: none !important; }`);
    // Text of the page beside it has no element that could be hidden.
    if (node === element) add(root, `${path} { visibility: visible !important; margin: 0 !important; }`);
    else {
      add(root, `${path} { visibility: hidden !important; ${node.localName === 'slot' ? '' : IMPORTANT} }`);
      add(root, `${path}::before, ${path}::after { content: none !important; }`);
    }
  }
  return rules;
}

/** The next element around it as it is rendered: a slot where it is slotted, and the host of a shadow root. */
function around(node: Element): Element | null {
  const root = node.getRootNode();
  return node.assignedSlot ?? node.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
}

/** A selector of one element in its root. */
function pathTo(node: Element): string {
  const steps: string[] = [];
  for (let one: Element | null = node; one; one = one.parentElement)
    steps.unshift(`:nth-child(${String(indexOf(one))})${one.parentElement ? '' : TOP}`);
  return steps.join(' > ');
}

/** Elements without an element around them: the root of the document, or the children of a shadow root. */
const TOP = ':not(* > *)';
/** Nothing has this id; it gives a rule more weight than those of a page. */
const WEIGHT = ':not(#consult-room-print-weight#consult-room-print-weight)';

const indexOf = (node: Element): number => [...(node.parentNode?.children ?? [node])].indexOf(node) + 1;

function siblingsOf(node: Element): string {
  const others = `:not(:nth-child(${String(indexOf(node))}))`;
  return node.parentElement ? `${pathTo(node.parentElement)} > ${others}` : `${others}${TOP}`;
}
