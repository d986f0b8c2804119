/** Videos of the page that show participants: which stream each shows, and when. */
import { expect } from '@open-wc/testing';
import { ConsultError } from '../../../src/errors.ts';
import { Attachments } from '../../../src/room/media/attachments.ts';
import { drawnCamera } from '../../support/room-fixture.ts';

describe('attachments', () => {
  let streams: Map<string, MediaStream>;
  let shown: (readonly [HTMLVideoElement, MediaStream | null])[];
  let captured: WeakSet<HTMLVideoElement>;
  let attachments: Attachments;

  beforeEach(() => {
    streams = new Map();
    shown = [];
    captured = new WeakSet();
    attachments = new Attachments({
      stream: (id, kind) => streams.get(`${id} ${kind}`) ?? null,
      show: (video, stream) => {
        shown.push([video, stream]);
        return captured.has(video) ? 'refused' : 'shown';
      },
    });
  });
  const video = (): HTMLVideoElement => document.createElement('video');

  it('show a stream that comes, is replaced and goes', () => {
    const element = video();
    attachments.attach(element, 'p1', 'camera');
    const [first, second] = [drawnCamera(), drawnCamera()];
    for (const stream of [first, second]) {
      streams.set('p1 camera', stream);
      attachments.refresh();
    }
    streams.clear();
    attachments.refresh();
    expect(shown.map(([, stream]) => stream)).to.deep.equal([null, first, second, null]);
  });

  it('are made once for the same video and participant', () => {
    const element = video();
    const detach = attachments.attach(element, 'p1', 'camera');
    expect(attachments.attach(element, 'p1', 'camera')).to.equal(detach);
    expect(shown.length).to.equal(1);
  });

  it('are ended only by their own detach function', () => {
    const element = video();
    const first = attachments.attach(element, 'p1', 'camera');
    const second = attachments.attach(element, 'p2', 'camera');
    shown.length = 0;
    first();
    expect(shown).to.deep.equal([]);
    second();
    second();
    expect(shown).to.deep.equal([[element, null]]);
  });

  it('ask once for a video that a script captures, and again when it is attached anew', () => {
    const element = video();
    captured.add(element);
    attachments.attach(element, 'p1', 'camera')();
    shown.length = 0;
    const detach = attachments.attach(element, 'p1', 'camera');
    attachments.refresh();
    attachments.refresh();
    expect(shown.length).to.equal(1);
    detach();
  });

  it('refuse anything but a video', () => {
    for (const value of [document.createElement('audio'), null, {}, 'video'])
      expect(() => attachments.attach(value as never, 'p1', 'camera')).to.throw(ConsultError, 'attach');
  });

  it('play on the chosen loudspeaker, also videos that come later', async () => {
    const sinks: string[] = [];
    const withSink = (): HTMLVideoElement =>
      Object.assign(video(), {
        setSinkId: (id: string) => {
          sinks.push(id);
          return id === 'broken' ? Promise.reject(new DOMException('', 'NotFoundError')) : Promise.resolve();
        },
      });
    attachments.attach(withSink(), 'p1', 'camera');
    await attachments.playOn('s1');
    attachments.attach(withSink(), 'p2', 'camera');
    expect(sinks).to.deep.equal(['s1', 's1']);
    let code = '';
    await attachments.playOn('broken').catch((error: unknown) => (code = (error as ConsultError).code));
    expect(code).to.equal('action-failed');
  });

  it('stay together on the loudspeaker before where one of them cannot use another', async () => {
    const sinks = new Map<string, string>();
    const withSink = (name: string, refused: string): HTMLVideoElement =>
      Object.assign(video(), {
        setSinkId: async (id: string) => {
          if (id === refused) throw new DOMException('', 'NotFoundError');
          sinks.set(name, id);
        },
      });
    attachments.attach(withSink('one', ''), 'p1', 'camera');
    attachments.attach(withSink('other', 's2'), 'p2', 'camera');
    await attachments.playOn('s1');
    await attachments.playOn('s2').catch(() => undefined);
    expect([...sinks]).to.deep.equal([
      ['one', 's1'],
      ['other', 's1'],
    ]);
  });
});
