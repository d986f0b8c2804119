/** Writes the results of the browser tests to `dist/test-results/`, for the summary and the evidence page. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import process from 'node:process';
import { inspect } from 'node:util';
import type { Reporter, TestSuiteResult } from '@web/test-runner';
import type { TestRecord } from './results.ts';

function* recordsOf(
  suite: TestSuiteResult,
  parents: readonly string[],
  base: Pick<TestRecord, 'file' | 'environment'>,
): Iterable<TestRecord> {
  for (const test of suite.tests) {
    const outcome = test.skipped ? 'skipped' : test.passed ? 'passed' : 'failed';
    yield {
      ...base,
      name: [...parents, test.name].join(' › '),
      outcome,
      seconds: (test.duration ?? 0) / 1000,
      ...(test.error ? { detail: test.error.stack ?? test.error.message } : {}),
    };
  }
  for (const child of suite.suites) yield* recordsOf(child, [...parents, child.name], base);
}

/** A reporter of @web/test-runner. A file that failed to load is one failed test: it must never look like none. */
export function resultWriter(): Reporter {
  return {
    onTestRunFinished({ sessions }) {
      const records = sessions.flatMap((session): readonly TestRecord[] => {
        const file = session.testFile === undefined ? '' : relative(process.cwd(), session.testFile);
        const base = { file, environment: session.browser.name.toLowerCase() };
        const found = session.testResults === undefined ? [] : [...recordsOf(session.testResults, [], base)];
        const broken = !session.passed && !found.some((record) => record.outcome === 'failed');
        if (!broken && found.length > 0) return found;
        const errors = session.errors.map((error) => error.stack ?? error.message);
        const missing = session.request404s.map((url) => `not found: ${url}`);
        const detail = [...errors, ...missing, ...session.logs.map((line) => inspect(line))].join('\n');
        return [...found, { ...base, name: 'the file runs', outcome: 'failed', seconds: 0, detail }];
      });
      for (const environment of new Set(records.map((record) => record.environment))) {
        const count = (outcome: TestRecord['outcome']): number =>
          records.filter((record) => record.environment === environment && record.outcome === outcome).length;
        console.log(
          `${environment}: ${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`,
        );
      }
      mkdirSync('dist/test-results', { recursive: true });
      const environments = [...new Set(records.map((record) => record.environment))].sort().join('-') || 'none';
      writeFileSync(`dist/test-results/browser-${environments}.json`, JSON.stringify(records, undefined, 1));
    },
  };
}
