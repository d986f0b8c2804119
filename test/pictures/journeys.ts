/** The screens from the link to the call, and how many words may stand on them together at 390×844. */
export const JOURNEYS = {
  guest: { states: ['notice', 'devices', 'occupants', 'waiting', 'connecting'], limit: 230 },
  host: {
    states: ['notice, host', 'devices, host', 'occupants, host', 'waiting, one knock', 'connecting, host'],
    limit: 240,
  },
} as const;
