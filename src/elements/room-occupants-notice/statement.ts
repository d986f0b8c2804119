/** The statements that the continue button also makes: closed room, nobody sees the screen, no recording [R14] [R16] [R17]. */
import { html, nothing, type TemplateResult } from 'lit';
import { type Phase, type Policy, rulesFor, type RuleText, ruleText } from '../../room/room.ts';
import { icon } from '../../ui/icons.ts';
import type { Texts } from '../../ui/texts.ts';

interface Stated {
  readonly phase: Phase;
  readonly policy: Policy;
}

/** What stands in the statement, in order. */
export function statementLines(texts: Texts, stated: Stated): readonly string[] {
  const group = groupRules(texts, stated);
  return [
    texts.term('room-occupants-notice.statement'),
    ...points(texts),
    ...(group ? [group.title, ...group.lines] : []),
  ];
}

function points(texts: Texts): readonly string[] {
  return [texts.term('room-occupants-notice.statement.closed'), ...ruleText('no-recording', texts.shown()).lines];
}

function groupRules(texts: Texts, { phase, policy }: Stated): RuleText | null {
  const asked = phase === 'occupants' && rulesFor(policy).includes('group-rules');
  return asked ? ruleText('group-rules', texts.shown()) : null;
}

/** Up to this many people a room is meant for two or three; the rules for groups are one press away there, and open above it. */
const SMALL = 3;

export function renderStatement(texts: Texts, stated: Stated): TemplateResult {
  const group = groupRules(texts, stated);
  return html`
    <div class="statement">
      <p class="label">${texts.term('room-occupants-notice.statement')}</p>
      ${renderLines(points(texts))} ${group ? renderRules(texts, group, stated.policy) : nothing}
    </div>
  `;
}

function renderLines(lines: readonly string[]): TemplateResult {
  return html`<ul>
    ${lines.map((line) => html`<li>${icon('check')} ${line}</li>`)}
  </ul>`;
}

/** Rules for everyone in a group, accepted by the same press [R17]. */
function renderRules(texts: Texts, { title, lines }: RuleText, { size }: Policy): TemplateResult {
  return html`<details ?open=${size > SMALL}>
    <summary part="summary">${texts.term('room-occupants-notice.statement.group')}</summary>
    <p class="label">${title}</p>
    ${renderLines(lines)}
  </details>`;
}
