/** Sets as the newest, and forgets the oldest of more than `kept`: what strangers can add to must not grow without end. */
export function keepNewest<V>(map: Map<string, V>, key: string, value: V, kept: number): void {
  map.delete(key);
  map.set(key, value);
  const oldest = map.size > kept ? map.keys().next().value : undefined;
  if (oldest !== undefined) map.delete(oldest);
}
