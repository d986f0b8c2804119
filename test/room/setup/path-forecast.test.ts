/** [R7] The forecast before a session. */
import { expect } from '@open-wc/testing';
import { parsePublicConfiguration } from '../../../src/configuration.ts';
import { PathForecaster } from '../../../src/room/setup/path-forecast.ts';
import { waitUntil } from '../../support/wait-until.ts';

const configured = (...servers: readonly object[]) =>
  parsePublicConfiguration({
    operator: { name: 'Beratungsstelle', country: 'DE' },
    servers: [{ role: 'signaling', operator: 'Beratungsstelle', country: 'DE' }, ...servers],
  });
const relay = { role: 'relay', urls: ['turn:127.0.0.1:3478'], operator: 'Rechenzentrum', country: 'DE' };

describe('[R7] the path forecast', () => {
  const { RTCPeerConnection: original } = globalThis;
  let asked: (RTCConfiguration | undefined)[];

  beforeEach(() => {
    asked = [];
    globalThis.RTCPeerConnection = class extends original {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        asked.push(configuration);
      }
    };
  });
  afterEach(() => {
    globalThis.RTCPeerConnection = original;
  });

  it('[R7] is unknown and asks no server when no STUN server is declared, only a relay', async () => {
    const results: string[] = [];
    new PathForecaster(configured(relay), (result) => results.push(result)).start();
    await waitUntil(() => results.length > 0);
    expect([results, asked]).to.deep.equal([['unknown'], []]);
  });

  it('[R7] asks the declared STUN servers alone', async () => {
    const stun = {
      role: 'stun',
      urls: ['stun:127.0.0.1:3478'],
      operator: 'Rechenzentrum',
      country: 'DE',
    };
    const results: string[] = [];
    new PathForecaster(configured(stun, relay), (result) => results.push(result)).start();
    await waitUntil(() => results.length > 0, 'a result');
    expect(asked.map((configuration) => configuration?.iceServers)).to.deep.equal([
      [{ urls: ['stun:127.0.0.1:3478'] }],
    ]);
  });

  it('reports nothing when it was stopped, and something when it starts again', async () => {
    const results: string[] = [];
    const forecaster = new PathForecaster(configured(), (result) => results.push(result));
    forecaster.start();
    forecaster.stop();
    forecaster.start();
    await waitUntil(() => results.length > 0);
    expect(results).to.deep.equal(['unknown']);
  });
});
