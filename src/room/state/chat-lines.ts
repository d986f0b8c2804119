/** The lines of the chat, and which of ours have not arrived. */
import type { SessionInput } from './actions.ts';
import type { ChatLine, SessionState } from './state.ts';

/** Chat lines kept in memory. */
const CHAT_KEPT = 500;

type ChatInput = Extract<SessionInput, { type: 'chat' | 'chat-again' | 'chat-delivery' }>;

/** Whether a line has arrived; `late`: it is sent again by itself; `missed`: someone left before it was confirmed, or nobody was there. */
export function deliveryOf(
  { to, missing }: ChatLine,
  participants: readonly { readonly id: string }[],
): 'arrived' | 'late' | 'missed' {
  if (missing?.some((one) => participants.some(({ id }) => id === one))) return 'late';
  return missing?.length || to?.length === 0 ? 'missed' : 'arrived';
}

/** Ids of the participants to whom this line of ours was not sent: they came later, or again. */
export function newSince({ to = [] }: ChatLine, participants: readonly { readonly id: string }[]): readonly string[] {
  return participants.map(({ id }) => id).filter((id) => !to.includes(id));
}

export function changeChat(state: SessionState, input: ChatInput): SessionState {
  if (input.type === 'chat') return withLine(state, input);
  const chat = state.chat.map((line) => (line.id === input.line && line.to ? changeLine(state, line, input) : line));
  return { ...state, chat };
}

function changeLine({ participants }: SessionState, line: ChatLine, input: Exclude<ChatInput, { type: 'chat' }>) {
  const { to = [], missing = [] } = line;
  if (input.type === 'chat-again') return { ...line, to: [...to, ...newSince(line, participants)], missing: [] };
  const others = missing.filter((id) => id !== input.id);
  return { ...line, missing: input.delivery === 'late' ? [...others, input.id] : others };
}

/** Under the name that the sender has now; a line from a participant who has left is dropped. */
function withLine(state: SessionState, { from, text, at }: Extract<ChatInput, { type: 'chat' }>): SessionState {
  const { participants } = state;
  const sender =
    from === 'self'
      ? { name: state.name, host: state.role === 'host' }
      : participants.find((participant) => participant.id === from);
  if (!sender) return state;
  const { name, host } = sender;
  const to = from === 'self' && { to: participants.map(({ id }) => id) };
  const line: ChatLine = { id: (state.chat.at(-1)?.id ?? 0) + 1, from, name, host, text, at, ...to };
  return { ...state, chat: [...state.chat, line].slice(-CHAT_KEPT) };
}
