/**
 * The headless room: one state, one way to change it, and the services that the state asks for. Elements show it and call it;
 * so can a site with a user interface of its own.
 */
import { CONSENT_KINDS } from '../consent/receipt.ts';
import { asConsultError, ConsultError } from '../errors.ts';
import { findReplayRecorders } from '../guard/replay.ts';
import { nameFor, tidyName } from './state/display-name.ts';
import { checkBrowser } from './setup/browser-check.ts';
import { prepareSetup } from './setup/setup.ts';
import { clearRecord } from './setup/reload-record.ts';
import { acceptedRules } from './consent/receipts.ts';
import { RoomStore } from './room-store.ts';
import type { LinkReport } from './mesh/link-report.ts';
import type { RoomInterface } from './room-api.ts';
import {
  sameChoice,
  type Blur,
  type Consent,
  type ConsentKind,
  type DevicesChoice,
  type EndReason,
  type PauseReason,
} from './state/state.ts';
import { LIMITS } from './messages/messages.ts';

export {
  buildNotice,
  noticeFooter,
  noticeHash,
  rulesFor,
  ruleText,
  type Notice,
  type NoticeBlock,
  type RuleText,
} from './consent/agreement-texts.ts';
export type { DeclaredServer, PublicConfiguration } from '../configuration.ts';
export { ConsultError, ERROR_CODES, type ErrorCode } from '../errors.ts';
export type { Policy, PolicyName } from '../policy.ts';
export { LIMITS, type MediaNotice } from './messages/messages.ts';
export { holdsInvite, takeInvite } from './setup/invite-address.ts';
export type { RoomOptions } from './setup/setup.ts';
export type { DropReason, FrameCounts, LinkReport } from './mesh/link-report.ts';
export type { RoomInterface } from './room-api.ts';
export { wordFor } from './state/display-name.ts';
export { awaitsEveryone, isAwaited, whyUnreachable } from './state/reachability.ts';
export type { Unreachable, UnreachableReason } from './state/reachability.ts';
export type { RoomEventMap } from './state/room-events.ts';
export { isSession, mayStream, mediaNoticeOf, sameChoice } from './state/state.ts';
export type {
  Answer,
  Blur,
  ChatLine,
  Consent,
  ConsentKind,
  Device,
  DeviceChoice,
  Devices,
  DevicesChoice,
  Encryption,
  EndReason,
  Knock,
  Occupants,
  OwnMedia,
  Participant,
  Path,
  PathForecast,
  PausedBecause,
  PauseReason,
  Phase,
  Problem,
  Receipt,
  RelayQuestion,
  Role,
  RoomState,
  RulesConsent,
  SessionState,
  Shown,
  ShownText,
} from './state/state.ts';

export class Room extends RoomStore implements RoomInterface {
  /** What was said on the way in, also while its digest is still being made. */
  readonly #said = new Set<'acceptRules' | 'declareOccupants'>();

  async start(): Promise<void> {
    try {
      const opening = await prepareSetup(this.options, this.stopped);
      if (this.stopped.aborted) return;
      this.begin(opening);
      await this.#resume();
    } catch (error: unknown) {
      this.dispatch({ type: 'failed', code: asConsultError(error, 'configuration-unavailable').code });
    }
  }

  acceptNotice(consent: Consent): void {
    this.require('notice');
    try {
      checkBrowser();
      this.#checkRecorders();
    } catch (error: unknown) {
      return this.dispatch({ type: 'failed', code: asConsultError(error, 'browser-unsupported').code });
    }
    this.dispatch({ type: 'notice-accepted', consent });
  }

  declineNotice(): void {
    this.require('notice');
    this.dispatch({ type: 'ended', reason: 'declined-notice' });
  }

  rename(name: string): void {
    const state = this.require('notice', 'devices', 'occupants');
    this.dispatch({ type: 'named', name: nameFor(name, { ...state, lang: this.lang }) });
  }

  async openDevices(choice: DevicesChoice): Promise<void> {
    this.require('devices', 'occupants', 'waiting', 'connecting', 'active', 'paused');
    this.dispatch({ type: 'devices-asked', choice });
    await this.services?.media.settled;
  }

  async useDevices(choice: DevicesChoice): Promise<void> {
    const { devices, name } = this.require('devices');
    if (name === '') throw new ConsultError('name-missing');
    if (devices.access !== 'answered' || !sameChoice(devices.choice, choice)) await this.openDevices(choice);
    this.dispatch({ type: 'devices-used' });
  }

  acceptRules(lang: string): void {
    const { policy } = this.require('occupants');
    this.#said.add('acceptRules');
    this.act(async () => this.dispatch({ type: 'rules-accepted', rules: await acceptedRules(policy, lang) }));
  }

  declareOccupants(people: readonly string[]): void {
    this.require('occupants', 'waiting', 'connecting', 'active', 'paused');
    const tidy = people.map(tidyName).filter((name) => name !== '');
    if (tidy.length > LIMITS.occupants) throw new ConsultError('argument-invalid', { detail: 'too many people' });
    this.#said.add('declareOccupants');
    this.act(async (services) => {
      const { occupants } = await services.declare(tidy);
      this.dispatch({ type: 'declared', occupants });
    });
  }

  join(): void {
    this.require('occupants');
    for (const method of ['acceptRules', 'declareOccupants'] as const)
      if (!this.#said.has(method)) throw new ConsultError('wrong-phase', { detail: `join() comes after ${method}()` });
    this.act(async () => this.dispatch({ type: 'joined' }));
  }

  takeOver(): void {
    this.requireSession();
    this.dispatch({ type: 'taken-over' });
  }

  admit(id: string): void {
    this.inSession((session) => session.admit([id]));
  }

  refuse(id: string): void {
    this.inSession((session) => session.refuse(id));
  }

  remove(id: string): void {
    this.inSession((session) => session.remove(id));
  }

  acknowledgeOccupants(id: string): void {
    this.inSession(async (session) => {
      this.dispatch({ type: 'acknowledged-by-us', id });
      session.acknowledge(id);
    });
  }

  answerRelay(accept: boolean, id?: string, lang?: string): void {
    this.inSession(async (session) => {
      this.services?.receipts.readRelay(this.state, lang, id);
      session.relay.answer(accept ? 'yes' : 'no', id);
    });
  }

  withdrawRelay(): void {
    this.requireSession();
    this.services?.receipts.withdraw(['relay']);
    this.inSession((session) => session.relay.withdraw());
  }

  withdraw(kind: ConsentKind): void {
    if (kind === 'relay') return this.withdrawRelay();
    this.require('devices', 'occupants', 'waiting', 'connecting', 'active', 'paused');
    this.services?.receipts.withdraw(kind === 'notice' ? CONSENT_KINDS : [kind]);
    this.#end('withdrawn');
  }

  goDirect(): void {
    this.inSession(async (session) => session.relay.goDirect());
  }

  pause(reason: PauseReason): void {
    this.requireSession();
    this.dispatch({ type: 'paused', reason });
  }

  resume(): void {
    this.requireSession();
    this.dispatch({ type: 'resumed-media' });
  }

  setMicrophone(on: boolean): void {
    this.requireSession();
    this.dispatch({ type: 'media', media: { microphone: on } });
  }

  setCamera(on: boolean): void {
    this.requireSession();
    this.dispatch({ type: 'media', media: { camera: on } });
  }

  setBlur(blur: Blur): void {
    this.require('devices', 'occupants', 'waiting', 'connecting', 'active', 'paused');
    this.dispatch({ type: 'blurred', blur });
  }

  async setScreen(on: boolean): Promise<void> {
    this.requireSession();
    if (!on) return this.dispatch({ type: 'media', media: { screen: false } });
    try {
      await this.services?.startScreen();
      this.dispatch({ type: 'media', media: { screen: true } });
    } catch (error: unknown) {
      this.dispatch({ type: 'problem', code: asConsultError(error, 'screen-denied').code });
    }
  }

  sendChat(text: string): void {
    const state = this.requireSession();
    const line = text.trim().slice(0, LIMITS.chat);
    if (line === '') return;
    this.inSession(async (session) => {
      await session.mesh.sendData({ type: 'chat', text: line });
      this.dispatch({ type: 'chat', line: { from: 'self', name: state.name, text: line, at: Date.now() } });
    });
  }

  setCompared(compared: boolean): void {
    this.requireSession();
    this.dispatch({ type: 'compared', compared });
  }

  dismissProblem(id: number): void {
    this.dispatch({ type: 'problem-dismissed', id });
  }

  discard(): void {
    this.require('idle', 'notice', 'ended', 'failed');
    this.stop();
  }

  leave(): void {
    this.#end('left');
  }

  quit(): void {
    this.#end('quick-exit');
  }

  stream(id: string, kind: 'camera' | 'screen'): MediaStream | null {
    if (id === 'self') return this.services?.ownStream(kind) ?? null;
    return this.session?.stream(id, kind) ?? null;
  }

  microphoneLevel(): number {
    return this.services?.media.level() ?? 0;
  }

  async reports(): Promise<readonly LinkReport[]> {
    return (await this.services?.session)?.mesh.reports() ?? [];
  }

  /** After a reload: consent and declaration were given in this very session, minutes ago at most (protocol.md §9). */
  async #resume(): Promise<void> {
    const record = await this.services?.record();
    if (!record) return;
    try {
      checkBrowser();
      this.#checkRecorders();
    } catch (error: unknown) {
      return this.dispatch({ type: 'failed', code: asConsultError(error, 'browser-unsupported').code });
    }
    this.dispatch({ type: 'resumed', record });
  }

  #checkRecorders(): void {
    const { policy } = this.require('notice');
    if (policy.replayRecorders === 'ignore' || findReplayRecorders().length === 0) return;
    if (policy.replayRecorders === 'refuse') throw new ConsultError('replay-recorder-found');
    this.dispatch({ type: 'problem', code: 'replay-recorder-found' });
  }

  #end(reason: EndReason): void {
    // Another room may have taken its place: what a reload needs is that one's.
    if (this.stopped.aborted) return;
    clearRecord();
    // Nothing is there yet that could end, and nothing is to come.
    if (this.state.phase === 'idle') this.stop();
    else this.dispatch({ type: 'ended', reason });
  }
}
