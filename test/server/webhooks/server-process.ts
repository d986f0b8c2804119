/**
 * A server process of its own with quick webhooks: `argv` has the URL of NATS, that of the receiver, and the milliseconds without people
 * after which a room has ended.
 */
import process from 'node:process';
import { createServer } from '../../../src/server/server.ts';
import { SECRET as CLUSTER } from '../backplane/cluster.ts';
import { CONFIGURATION } from '../harness.ts';
import { SECRET } from './receiver.ts';

const [, , nats = '', url = '', endedAfter = ''] = process.argv;
const operator = CONFIGURATION.operator.name;
const server = createServer({
  configuration: { ...CONFIGURATION, webhooks: [{ url, operator, country: 'DE', secrets: [SECRET] }] },
  relayCheck: 'off',
  nats: { servers: [nats], secret: CLUSTER },
  limits: { endedAfter: Number(endedAfter), webhookRetries: [50, 50] },
});
const address = await server.listen({ port: 0 });
process.stdout.write(`${address.url}\n`);
process.once('SIGTERM', () => void server.drain(0).then(() => process.exit()));
