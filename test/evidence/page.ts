/** The evidence as one self-contained page. */
import type { TestRecord } from '../support/results.ts';

export interface Evidence {
  readonly id: string;
  readonly promise: string;
  readonly tests: readonly Omit<TestRecord, 'detail' | 'seconds'>[];
}

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const styles = `
  :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
  body { margin: 2rem auto; max-inline-size: 60rem; padding-inline: 1rem; }
  summary { cursor: pointer; padding-block: 0.5rem; }
  table { border-collapse: collapse; inline-size: 100%; font-size: 0.875rem; }
  td, th { border-block-start: 1px solid color-mix(in srgb, currentColor 20%, transparent); padding: 0.25rem 0.5rem; text-align: start; }
  .failed, .skipped, .none { font-weight: 600; color: light-dark(#a1260d, #ff9d87); }
`;

function section({ id, promise, tests }: Evidence): string {
  const passed = tests.filter((test) => test.outcome === 'passed').length;
  const verdict = tests.length === 0 ? 'none' : passed === tests.length ? 'passed' : 'failed';
  const rows = tests.map(
    ({ name, file, environment, outcome }) =>
      `<tr><td class="${outcome}">${outcome}</td><td>${escape(name)}</td><td>${escape(environment)}</td><td>${escape(file)}</td></tr>`,
  );
  return `<details id="${id}"${verdict === 'passed' ? '' : ' open'}>
<summary><strong>${id}</strong> ${escape(promise)} <span class="${verdict}">${passed} of ${tests.length}</span></summary>
<table><thead><tr><th>Result</th><th>Test</th><th>Where</th><th>File</th></tr></thead><tbody>
${rows.join('\n')}
</tbody></table>
</details>`;
}

export function page(content: {
  readonly version: string;
  readonly at: string;
  readonly evidence: readonly Evidence[];
  /** Files beside the page. */
  readonly papers: readonly string[];
}): string {
  const { version, at, evidence, papers } = content;
  const links = papers.map((file) => `<a href="${escape(file)}">${escape(file)}</a>`).join(', ');
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>consult-room ${escape(version)}: evidence</title><style>${styles}</style></head>
<body>
<h1>consult-room ${escape(version)}: what is promised, and what proves it</h1>
<p>From the test results of ${escape(at)}. A test proves what it says and no more; read it.</p>
${papers.length === 0 ? '' : `<p>Printed from the demo's own configuration: ${links}.</p>`}
${evidence.map(section).join('\n')}
</body>
</html>
`;
}
