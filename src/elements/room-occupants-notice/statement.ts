/** The statements that the continue button also makes: closed room, nobody sees the screen, no recording [R14] [R16] [R17]. */
import { html, nothing, type TemplateResult } from 'lit';
import { type Phase, type Policy, rulesFor, type RuleText, ruleText } from '../../room/room.ts';
import { icon } from '../../ui/icons.ts';
import type { Texts } from '../../ui/texts.ts';

export function renderStatement(
  texts: Texts,
  { phase, policy }: { readonly phase: Phase; readonly policy: Policy },
): TemplateResult {
  const recording = ruleText('no-recording', texts.shown());
  const group = phase === 'occupants' && rulesFor(policy).includes('group-rules');
  const points = [
    texts.term('room-occupants-notice.statement.closed'),
    texts.term('room-occupants-notice.statement.screen'),
    ...recording.lines,
  ];
  return html`
    <div class="statement">
      <p class="label">${texts.term('room-occupants-notice.statement')}</p>
      <ul>
        ${points.map((point) => html`<li>${icon('check')} ${point}</li>`)}
      </ul>
      ${group ? renderRules(ruleText('group-rules', texts.shown())) : nothing}
    </div>
  `;
}

/** Rules for everyone in a group, accepted by the same press [R17]. */
function renderRules({ title, lines }: RuleText): TemplateResult {
  return html`
    <p class="label">${title}</p>
    <ul>
      ${lines.map((line) => html`<li>${icon('check')} ${line}</li>`)}
    </ul>
  `;
}
