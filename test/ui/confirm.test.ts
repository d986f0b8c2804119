import { expect, fixture } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { html } from 'lit';
import { renderQuestion } from '../../src/ui/confirm.ts';

async function ask() {
  const done: string[] = [];
  const box = await fixture<HTMLElement>(
    html`<div>
      ${renderQuestion({
        part: 'question',
        heading: 'Raum schließen?',
        text: 'Das Gespräch endet für alle.',
        yes: 'Für alle beenden',
        no: 'Bleiben',
        act: () => done.push('yes'),
      })}
    </div>`,
  );
  const dialog = box.querySelector('dialog')!;
  dialog.showModal();
  const [no, yes] = dialog.querySelectorAll('button');
  return { dialog, no: no!, yes: yes!, done };
}

describe('a question before an irreversible action', () => {
  it('is accessible', async () => {
    const { dialog } = await ask();
    await expect(dialog).to.be.accessible();
  });

  it('is named by its heading and focuses the answer that changes nothing', async () => {
    const { dialog, no } = await ask();
    const heading = dialog.querySelector(`#${dialog.getAttribute('aria-labelledby')!}`);
    expect(heading?.textContent).to.equal('Raum schließen?');
    expect(document.activeElement).to.equal(no);
  });

  it('acts and closes when the answer is yes', async () => {
    const { dialog, yes, done } = await ask();
    yes.click();
    expect(done).to.deep.equal(['yes']);
    expect(dialog.open).to.equal(false);
  });

  for (const key of ['Enter', 'Escape'])
    it(`closes without acting when ${key} is pressed first`, async () => {
      const { dialog, done } = await ask();
      const closed = new Promise((resolve) => dialog.addEventListener('close', resolve));
      await sendKeys({ press: key });
      await closed;
      expect(done).to.deep.equal([]);
    });
});
