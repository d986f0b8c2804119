import { useRef, useState } from 'react';
import type {} from 'consult-room/react';
import type { ConsultRoom } from 'consult-room/elements';
import type { ErrorCode, Phase } from 'consult-room/room';

export function Page({ config }: { readonly config: unknown }) {
  const room = useRef<ConsultRoom>(null);
  const [phases, setPhases] = useState<readonly Phase[]>([]);
  const [codes, setCodes] = useState<readonly ErrorCode[]>([]);
  const [turn, setTurn] = useState(0);
  return (
    <main>
      <h1>Beratung</h1>
      <output id="phases">{phases.join(' ')}</output>
      <output id="codes">{codes.join(' ')}</output>
      <button id="again" onClick={() => setTurn(turn + 1)}>
        {turn}
      </button>
      <button id="leave" onClick={() => room.current?.room?.leave()}>
        Gehen
      </button>
      <consult-room
        ref={room}
        lang="de"
        className={`turn-${turn}`}
        config={config}
        hostToken={async () => `host.token.${turn}`}
        exit-href={`https://www.wetter.example/${turn}`}
        onconsult-phase={({ detail }) => setPhases((before) => [...before, detail.phase])}
        onconsult-error={({ detail }) => setCodes((before) => [...before, detail.code])}
      >
        {phases.at(-1) === 'ended' && (
          <p slot="ended" id="goodbye">
            Bis bald, {phases.length}
          </p>
        )}
      </consult-room>
    </main>
  );
}
