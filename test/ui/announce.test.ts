import { expect, fixture } from '@open-wc/testing';
import { html, LitElement, type TemplateResult } from 'lit';
import type { Participant, RoomState } from '../../src/room/state/state.ts';
import { Announcer } from '../../src/ui/announce.ts';
import { announcements } from '../../src/ui/announcements.ts';
import { Texts } from '../../src/ui/texts.ts';
import { participant, snapshot } from '../support/room-fixture.ts';
import { waitUntil } from '../support/wait-until.ts';

class Speaker extends LitElement {
  override lang = 'de';
}
customElements.define('test-speaker', Speaker);
const speaker = new Speaker();
speaker.setAttribute('lang', 'de');
const texts = new Texts(speaker);
const said = (previous: RoomState, next: RoomState): readonly string[] => announcements(previous, next, texts);

class Region extends LitElement {
  readonly announcer = new Announcer(this);
  protected override render(): TemplateResult {
    return this.announcer.render();
  }
}
customElements.define('test-region', Region);

describe('the live region', () => {
  it('[R6] changes for each announcement, even a repeated one', async () => {
    const element = await fixture<Region>(html`<test-region></test-region>`);
    const region = element.renderRoot.querySelector('[role="status"]')!;
    const heard: (string | null)[] = [];
    const observer = new MutationObserver((records) => {
      if (records.some(({ addedNodes }) => addedNodes.length > 0)) heard.push(region.textContent);
    });
    observer.observe(region, { childList: true, characterData: true, subtree: true });
    const saying = async (text: string): Promise<void> => {
      await waitUntil(() => region.textContent === text, text);
      // A mutation is reported in a microtask of its own.
      await Promise.resolve();
    };
    const once = 'Sie sind im Warteraum.Mond wartet vor dem Raum.';
    for (const [id, text] of [
      ['k1', once],
      // The first is still there: what takes another's place cuts it short.
      ['k2', `${once}Mond wartet vor dem Raum.`],
    ] as const) {
      const knocks = [{ id, name: 'Mond', returning: false, since: 1, hash: 'h' }];
      element.announcer.follow(snapshot.waiting({ role: 'host', knocks }), said);
      await saying(text);
    }
    expect(heard.map((text) => text?.includes('Mond wartet vor dem Raum.'))).to.deep.equal([true, true]);
    // Rendered for another reason, nothing is said again.
    element.requestUpdate();
    await element.updateComplete;
    await Promise.resolve();
    expect(heard.length).to.equal(2);
    observer.disconnect();
    // When it is over, no name of it stays.
    element.announcer.follow(snapshot.ended('left'), said);
    await saying('Sie haben den Raum verlassen');
  });

  it('says together what changes together, and nothing of what changes back', async () => {
    const element = await fixture<Region>(html`<test-region></test-region>`);
    const region = element.renderRoot.querySelector('[role="status"]')!;
    const [mia, tom] = [participant({ id: 'p2', name: 'Mia' }), participant({ id: 'p3', name: 'Tom' })];
    const muted = participant({ media: { microphone: false, camera: true, screen: false, paused: 'no' } });
    for (const participants of [[participant()], [muted, mia], [participant(), mia, tom]])
      element.announcer.follow(snapshot.active({ participants }), (previous, next) =>
        said(previous.phase === 'idle' ? snapshot.active({ participants: [participant()] }) : previous, next),
      );
    await waitUntil(() => region.textContent !== '');
    expect(region.textContent).to.equal('Mia und Tom sind jetzt dabei.');
  });
});

describe('announcements', () => {
  it('name each new phase', () => {
    expect(said({ phase: 'idle' }, snapshot.notice())).to.deep.equal(['Bitte lesen Sie die Datenschutz-Information.']);
    expect(said(snapshot.notice(), snapshot.devices())).to.deep.equal(['Kamera und Mikrofon einstellen.']);
  });

  it('leave to the heading that has the focus what it says, and add what it does not', () => {
    const beside = (previous: RoomState, next: RoomState) => announcements(previous, next, texts, 'unseen', 'read');
    const active = snapshot.active({ participants: [participant()] });
    const connecting = snapshot.connecting({ participants: [participant()] });
    for (const [previous, next, sentences] of [
      [snapshot.notice(), snapshot.devices(), []],
      [snapshot.devices(), snapshot.occupants(), []],
      [snapshot.occupants(), snapshot.waiting({ role: 'host' }), []],
      [snapshot.occupants(), snapshot.waiting(), ['Sie sind im Warteraum.']],
      [connecting, active, []],
      [active, connecting, []],
      [active, snapshot.paused('privacy', { participants: [participant()] }), ['Kamera und Mikrofon sind aus.']],
      [active, snapshot.ended('left'), []],
      [active, snapshot.failed('removed-by-host'), ['Sie wurden aus dem Raum genommen.']],
    ] as const)
      expect(beside(previous, next), `${previous.phase} ${next.phase}`).to.deep.equal(sentences);
  });

  it('say once that the door is open, and that a call goes on only where it has begun', () => {
    const open = snapshot.waiting({ knocking: 'admitted' });
    const connecting = snapshot.connecting({ participants: [participant({ wasConnected: true })] });
    expect(said(snapshot.waiting({ knocking: 'sent' }), open)).to.deep.equal([
      'Die Tür ist offen. Die Verbindung wird aufgebaut.',
    ]);
    expect(said(open, connecting)).to.deep.equal(['Frau Sommer ist dazugekommen.']);
    expect(said(snapshot.waiting({ participants: [participant()] }), connecting)).to.deep.equal([
      'Die Verbindung wird aufgebaut.',
    ]);
    expect(said(snapshot.active({ participants: [participant()] }), connecting)).to.deep.equal([
      'Gleich geht es weiter',
    ]);
  });

  it('name a whole group in one sentence', () => {
    const unconfirmed = { acknowledged: { byUs: false, byThem: false } } as const;
    const people = ['Mia', 'Tom', 'Eva'].map((name) =>
      participant({ ...unconfirmed, id: name, name, host: false, occupants: { people: [], hash: name } }),
    );
    const [sentence, declared, ...rest] = said(snapshot.waiting(), snapshot.waiting({ participants: people }));
    expect(sentence).to.equal('Mia, Tom und Eva sind jetzt dabei.');
    expect(declared).to.equal('Mia, Tom und Eva haben gesagt, wer bei ihnen im Raum ist. Bitte bestätigen Sie das.');
    expect(rest).to.deep.equal([]);
  });

  it('are empty when nothing changed', () => {
    const state = snapshot.active({ participants: [participant()] });
    expect(said(state, { ...state })).to.deep.equal([]);
  });

  it('[R6] name who joins and who leaves', () => {
    const alone = snapshot.waiting();
    const both = snapshot.waiting({ participants: [participant()] });
    expect(said(alone, both)).to.deep.equal(['Frau Sommer ist dazugekommen.']);
    expect(said(both, alone)).to.deep.equal(['Frau Sommer ist gegangen.']);
  });

  it('name to the host who knocks, once', () => {
    const knocks = [{ id: 'k', name: 'Mond', returning: false, since: 1, hash: 'h' }];
    const one = snapshot.waiting({ role: 'host', knocks });
    expect(said(snapshot.waiting({ role: 'host' }), one)).to.deep.equal(['Mond wartet vor dem Raum.']);
    expect(said(one, snapshot.waiting({ role: 'host', knocks: [...knocks] }))).to.deep.equal([]);
  });

  it('report a lost and a restored connection', () => {
    const well = snapshot.active({ participants: [participant()] });
    const broken = snapshot.active({ participants: [participant({ connection: 'interrupted' })] });
    expect(said(well, broken)).to.deep.equal([
      'Die Verbindung zu Frau Sommer ist unterbrochen. Sie wird von selbst wieder aufgebaut.',
    ]);
    expect(said(broken, well)).to.deep.equal(['Die Verbindung zu Frau Sommer ist wieder da.']);
  });

  it('[R8] report a question that has become moot, and a missing connection', () => {
    const asked = { step: 'asked', ours: 'open', theirs: 'open' } as const;
    const question = snapshot.connecting({ participants: [participant({ connection: 'connecting', relay: asked })] });
    const direct = snapshot.connecting({ participants: [participant()] });
    const declined = snapshot.connecting({
      participants: [participant({ connection: 'connecting', relay: { step: 'declined' } })],
    });
    expect(said(question, direct)).to.deep.equal([
      'Die direkte Verbindung zu Frau Sommer ist da. Die Frage nach der Weiterleitung hat sich erledigt.',
    ]);
    expect(said(question, declined)).to.deep.equal(['Es gibt keine Verbindung mit Frau Sommer.']);
  });

  it('[R14] report another person entering', () => {
    const media = { microphone: true, camera: true, screen: false, paused: 'someone-came-in' } as const;
    const [sentence] = said(
      snapshot.active({ participants: [participant()] }),
      snapshot.active({ participants: [participant({ media })] }),
    );
    expect(sentence).to.include('jemand hereingekommen');
  });

  it('[R16] report a recording attempt here and elsewhere, once', () => {
    const before = snapshot.active({ participants: [participant()] });
    const here = snapshot.active({ participants: [participant()], problems: [{ id: 1, code: 'recording-refused' }] });
    const there = snapshot.active({
      participants: [participant()],
      problems: [
        { id: 1, code: 'recording-refused' },
        { id: 2, code: 'recording-refused', about: 'Frau Sommer' },
      ],
    });
    expect(said(before, here)).to.deep.equal([
      'Auf dieser Seite wollte ein Programm aufzeichnen. Das wurde verhindert.',
    ]);
    expect(said(here, there)).to.deep.equal([
      'Auf der Seite von Frau Sommer wollte ein Programm aufzeichnen. Das wurde verhindert.',
    ]);
    expect(said(there, there)).to.deep.equal([]);
  });

  it('say that the server answers again, where it was said that it does not', () => {
    const problems = [{ id: 1, code: 'signaling-unreachable' }] as const;
    const [silent, quiet, back] = [
      snapshot.active({ signaling: 'offline', problems }),
      snapshot.active({ signaling: 'offline' }),
      snapshot.active({ signaling: 'online' }),
    ];
    expect(said(silent, back)).to.deep.equal(['Der Server antwortet wieder.']);
    // Too short to be told, or dismissed.
    expect(said(quiet, back)).to.deep.equal([]);
    expect(said(silent, quiet)).to.deep.equal([]);
  });

  it('report a problem on the way in too', () => {
    const problems = [{ id: 1, code: 'another-invite' }] as const;
    for (const at of [snapshot.devices, snapshot.occupants])
      expect(said(at(), at({ problems }))).to.deep.equal(['Hier wurde noch einmal ein Link geöffnet.']);
  });

  it('report a new chat line once, unless the chat is open', () => {
    const line = (id: number, from: string) => ({ id, from, name: 'Stern', host: false, text: 't', at: 1 });
    const quiet = snapshot.active({ chat: [line(1, 'p2')] });
    const written = snapshot.active({ chat: [line(1, 'p2'), line(2, 'p2'), line(3, 'p2'), line(4, 'self')] });
    expect(said(quiet, written)).to.deep.equal(['Stern hat etwas geschrieben.']);
    expect(announcements(quiet, written, texts, 'seen')).to.deep.equal([]);
  });

  it('tell a waiting guest that the counsellor has arrived', () => {
    const sent = snapshot.waiting({ role: 'guest', knocking: 'sent' });
    expect(said(snapshot.waiting({ role: 'guest', knocking: 'host-absent' }), sent)).to.deep.equal([
      'Sie werden gleich hereingelassen. Sie müssen nichts tun.',
    ]);
  });

  it('say who raises a hand, who needs a break, and what the host did about the microphone', () => {
    const quiet = snapshot.active({ participants: [participant()] });
    const raised = snapshot.active({ participants: [participant({ hand: true, break: true })] });
    expect(said(quiet, raised)).to.deep.equal([
      'Frau Sommer hebt die Hand.',
      'Frau Sommer braucht eine Pause. Nur Sie sehen das.',
    ]);
    expect(said(raised, quiet)).to.deep.equal([]);
    const muted = snapshot.active({ participants: [participant()], hostAbout: 'muted' });
    expect(said(quiet, muted)[0]).to.include('Mikrofon wurde von der beratenden Person ausgeschaltet');
    expect(said(muted, muted)).to.deep.equal([]);
  });

  it('say to whom it is that they are asked to lead, and to the host whom it has asked', () => {
    const now = { step: 'asked', id: 'q1', as: 'now' } as const;
    const asked = snapshot.active({ participants: [participant()], handOver: now });
    const before = snapshot.active({ participants: [participant()] });
    expect(said(before, asked)[0]).to.equal('Möchten Sie das Gespräch ab jetzt leiten?');
    expect(said(before, asked)).to.have.length(2);
    expect(said(asked, asked)).to.deep.equal([]);
    // Replaced by another question before it was answered.
    const standIn = snapshot.active({
      participants: [participant()],
      handOver: { step: 'asked', id: 'q2', as: 'stand-in' },
    });
    expect(said(asked, standIn)[0]).to.equal('Möchten Sie die Vertretung übernehmen?');
    const guests = { role: 'host', participants: [participant({ id: 'p2', name: 'Mia', host: false })] } as const;
    const offered = snapshot.active({ ...guests, handOver: { step: 'offered', id: 'p2', as: 'now' } });
    expect(said(snapshot.active(guests), offered)).to.deep.equal(['Wir haben Mia gefragt und warten auf die Antwort.']);
  });

  it('name the stand-in to everyone, and tell it to itself', () => {
    const before = snapshot.active({ participants: [participant()] });
    expect(said(before, snapshot.active({ participants: [participant({ standIn: true })] }))).to.deep.equal([
      'Frau Sommer ist jetzt die Vertretung.',
    ]);
    const own = snapshot.active({ participants: [participant()], authority: 'stand-in' });
    expect(said(before, own)).to.have.length(1);
    expect(said(before, own)[0]).to.include('Sie sind die Vertretung');
    // One that led, and follows a host again.
    const led = snapshot.waiting({ authority: 'delegation' });
    expect(said(led, snapshot.waiting({ authority: 'stand-in' }))).to.deep.equal([]);
  });

  it('let nobody leave or join where the group begins again, and say once that it does', () => {
    const people = [participant(), participant({ id: 'p2', name: 'Tom', host: false })];
    const before = snapshot.active({ participants: people });
    const regrouping = people.map(({ name }) => name);
    const begun = snapshot.waiting({ regrouping, knocking: 'host-absent' });
    expect(said(before, begun)).to.deep.equal([
      'Die Verbindung wird neu aufgebaut. Das dauert meist nur einen Moment. Sie müssen nichts tun.',
    ]);
    const knocked = snapshot.waiting({ regrouping, knocking: 'admitted' });
    expect(said(begun, knocked)).to.deep.equal([]);
    expect(said(begun, snapshot.waiting({ regrouping, knocking: 'locked' }))).to.have.length(1);
    const returned = people.map((p) => ({ ...p, id: `${p.id} again` }));
    const back = snapshot.connecting({ participants: returned });
    expect(said(knocked, back)).to.deep.equal(['Gleich geht es weiter']);
    const another = snapshot.connecting({
      participants: [...returned, participant({ id: 'p3', name: 'Eva', host: false })],
    });
    expect(said(back, another)).to.include('Eva ist dazugekommen.');
  });

  it('say nothing of who is gone and back at once, as after a reload, but that they ask again', () => {
    const before = snapshot.active({ participants: [participant()] });
    const again = participant({ id: 'again', acknowledged: { byUs: false, byThem: false } });
    expect(said(before, snapshot.active({ participants: [again] }))).to.deep.equal([
      'Frau Sommer hat gesagt, wer dort im Raum ist. Bitte bestätigen Sie das.',
    ]);
  });

  it('[R18] announce the choice once when the connection becomes weak', () => {
    const well = snapshot.active({ participants: [participant()] });
    const weak = snapshot.active({ participants: [participant({ quality: 'weak' })] });
    expect(said(well, weak)).to.deep.equal([
      'Die Verbindung ist gerade schwach. Ohne Ihr Bild wird der Ton besser. Sie entscheiden.',
    ]);
    expect(said(weak, weak)).to.deep.equal([]);
    expect(said(weak, well)).to.deep.equal([]);
  });

  it('[R8] report a direct path beside the relay', () => {
    const over = (direct?: 'found' | 'used') =>
      snapshot.active({
        participants: [participant({ path: 'relay', relay: { step: 'granted', ...(direct ? { direct } : {}) } })],
      });
    expect(said(over(), over('found'))[0])
      .to.include('Frau Sommer')
      .and.include('eine direkte Verbindung möglich');
    expect(said(over('found'), over('used'))[0]).to.include('jetzt direkt verbunden');
    expect(said(over('found'), over('found'))).to.deep.equal([]);
  });

  it('[R13] report a new declaration, as after another person entered', () => {
    const declared = (hash: string) =>
      snapshot.active({
        participants: [participant({ acknowledged: { byUs: false, byThem: true }, occupants: { people: [], hash } })],
      });
    expect(said(declared('a'), declared('b'))[0]).to.include('hat gesagt, wer dort im Raum ist');
    expect(said(declared('b'), declared('b'))).to.deep.equal([]);
  });

  it('report what the others turn on and off, and their pauses', () => {
    const media = { microphone: true, camera: true, screen: false, paused: 'no' } as const;
    const showing = (change: Partial<Participant['media']>) =>
      snapshot.active({ participants: [participant({ media: { ...media, ...change } })] });
    expect(said(showing({}), showing({ microphone: false }))).to.deep.equal([
      'Frau Sommer hat das Mikrofon ausgeschaltet.',
    ]);
    expect(said(showing({ camera: false }), showing({}))).to.deep.equal(['Frau Sommer hat die Kamera eingeschaltet.']);
    expect(said(showing({}), showing({ paused: 'privacy', camera: false, microphone: false }))).to.deep.equal([
      'Frau Sommer macht eine Pause.',
    ]);
    expect(said(showing({ paused: 'privacy', camera: false }), showing({}))).to.deep.equal([
      'Frau Sommer ist wieder da.',
    ]);
  });

  it('say why the session ended', () => {
    expect(said(snapshot.notice(), snapshot.ended('declined-notice'))).to.deep.equal([
      'Es wurde keine Verbindung aufgebaut',
    ]);
    expect(said(snapshot.active({ participants: [] }), snapshot.failed('removed-by-host'))).to.deep.equal([
      'Sie wurden aus dem Raum genommen.',
    ]);
  });

  it('do not say who is speaking', () => {
    expect(
      said(
        snapshot.active({ participants: [participant()] }),
        snapshot.active({ participants: [participant({ speaking: true })] }),
      ),
    ).to.deep.equal([]);
  });
});
