/** What a browser alone can tell about a WebSocket that does not open. */
import { expect } from '@open-wc/testing';
import { SignalingDiagnosis, type SignalingFault } from '../../src/signaling/diagnosis.ts';
import { underPolicy } from '../support/policed-frame.ts';

describe('the diagnosis of a signalling server, in a browser', () => {
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
  const here = `${scheme}//${location.host}/signal`;
  /** @param attempt of a socket before each diagnosis; the test runner's server would leave one open for ever */
  const inFrame = (policy: string, attempt: 'socket' | 'none' = 'socket'): Promise<readonly SignalingFault[]> =>
    underPolicy(
      policy,
      `const { SignalingDiagnosis } = await import('/src/signaling/diagnosis.ts');
      const url = new URL('${here}');
      const diagnosis = new SignalingDiagnosis(url);
      const faults = [];
      for (let time = 0; time < 2; time++) {
        await new Promise((resolve) => {
          if (${String(attempt === 'none')}) return resolve();
          try {
            new WebSocket(url).onerror = resolve;
          } catch {
            resolve();
          }
        });
        faults.push(await diagnosis.next());
      }
      return faults;`,
    );

  it('finds the policy of the page when it forbids every connection', async () => {
    const [first, second] = await inFrame("connect-src 'none'");
    expect([first?.code, first?.outlook, second?.outlook]).to.deep.equal([
      'signaling-policy-blocked',
      'open',
      'settled',
    ]);
    expect(first?.detail).to.contain('connect-src').and.to.contain(location.host);
  });

  it('finds the policy of the page when it forbids the WebSocket alone', async () => {
    const [first] = await inFrame(`connect-src ${location.protocol}`);
    expect(first?.code).to.equal('signaling-policy-blocked');
    expect(first?.detail).to.contain(`${scheme}//`);
  });

  it('does not blame a policy that allows it', async () => {
    const [first] = await inFrame('connect-src *', 'none');
    expect(first?.code).to.equal('signaling-foreign');
  });

  it('finds that the device is offline and asks nothing', async () => {
    const { fetch } = window;
    const before = Object.getOwnPropertyDescriptor(navigator, 'onLine');
    let asked = 0;
    window.fetch = () => Promise.reject(new Error(String((asked += 1))));
    Object.defineProperty(navigator, 'onLine', { configurable: true, value: false });
    const diagnosis = new SignalingDiagnosis(new URL(here));
    try {
      expect(await diagnosis.next()).to.deep.equal({ code: 'device-offline', detail: '', outlook: 'open' });
      expect(asked).to.equal(0);
    } finally {
      window.fetch = fetch;
      if (before) Object.defineProperty(navigator, 'onLine', before);
      else Reflect.deleteProperty(navigator, 'onLine');
      diagnosis.close();
    }
  });

  it('finds another server that lets no page read its answer', async () => {
    const { fetch } = window;
    const modes: (string | undefined)[] = [];
    window.fetch = (_url, init) => {
      modes.push(init?.mode);
      return init?.mode === 'no-cors' ? Promise.resolve(new Response()) : Promise.reject(new TypeError('CORS'));
    };
    const diagnosis = new SignalingDiagnosis(new URL('wss://other.example/signal'));
    try {
      expect((await diagnosis.next()).code).to.equal('signaling-foreign');
      expect(modes).to.deep.equal(['cors', 'no-cors']);
    } finally {
      window.fetch = fetch;
      diagnosis.close();
    }
  });
});
