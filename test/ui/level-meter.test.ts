import { expect, fixture, nextFrame } from '@open-wc/testing';
import { html, LitElement, type TemplateResult } from 'lit';
import { LevelMeter } from '../../src/ui/level-meter.ts';

class Meter extends LitElement {
  level = 0;
  reads = 0;
  renders = 0;
  readonly meter = new LevelMeter(
    this,
    () => {
      this.reads++;
      return this.level;
    },
    () => this.renderRoot.querySelector('[role="meter"]'),
  );
  protected override render(): TemplateResult {
    this.renders++;
    return html`<svg role="meter" aria-label="Mikrofon" aria-valuenow="0"><rect class="level" width="0"></rect></svg>`;
  }
  get shown(): readonly (string | null | undefined)[] {
    const meter = this.renderRoot.querySelector('[role="meter"]');
    return [meter?.querySelector('rect')?.getAttribute('width'), meter?.getAttribute('aria-valuenow')];
  }
}
customElements.define('test-level-meter', Meter);

/** Until the meter has drawn this level. */
async function draws(meter: Meter, level: number): Promise<void> {
  meter.level = level;
  const before = meter.reads;
  while (meter.reads < before + 2) await nextFrame();
}

describe('the level meter', () => {
  it('shows the level exactly and its value in tenths, without rendering the element again', async () => {
    const meter = await fixture<Meter>(html`<test-level-meter></test-level-meter>`);
    const { renders } = meter;
    await draws(meter, 0.537);
    expect(meter.shown).to.deep.equal(['54', '50']);
    expect(meter.renders).to.equal(renders);
  });

  it('changes its value only in full steps', async () => {
    const meter = await fixture<Meter>(html`<test-level-meter></test-level-meter>`);
    await draws(meter, 0.41);
    const values: string[] = [];
    new MutationObserver((records) => records.forEach(({ attributeName }) => values.push(attributeName!))).observe(
      meter.renderRoot.querySelector('[role="meter"]')!,
      { attributes: true },
    );
    for (const level of [0.42, 0.43, 0.44]) await draws(meter, level);
    expect(values).to.deep.equal([]);
  });

  it('stays between 0 and 100 for any level', async () => {
    const meter = await fixture<Meter>(html`<test-level-meter></test-level-meter>`);
    await draws(meter, 7);
    expect(meter.shown).to.deep.equal(['100', '100']);
    await draws(meter, -1);
    expect(meter.shown).to.deep.equal(['0', '0']);
  });

  it('draws only while its element is in the page', async () => {
    const meter = await fixture<Meter>(html`<test-level-meter></test-level-meter>`);
    const parent = meter.parentElement!;
    meter.remove();
    const { reads } = meter;
    await nextFrame();
    await nextFrame();
    expect(meter.reads).to.equal(reads);
    parent.append(meter);
    await draws(meter, 0.2);
    expect(meter.shown).to.deep.equal(['20', '20']);
  });
});
