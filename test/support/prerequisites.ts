/** The programs that the suites need, and their Debian packages. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { findBrowser } from './browsers.ts';
import { runCommand } from './command.ts';

interface Tool {
  readonly command: string;
  readonly debian: string;
  readonly found: () => boolean;
}

const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
const onPath = (command: string): boolean => folders.some((folder) => existsSync(join(folder, command)));

/** The first Python that has the one package which the examples need. */
export const findPython = (): string | undefined =>
  ['python3', '/usr/bin/python3'].find((python) => spawnSync(python, ['-c', 'import cryptography']).status === 0);

const tools: readonly Tool[] = [
  { command: 'chromium', debian: 'chromium', found: () => findBrowser('chromium') !== undefined },
  { command: 'firefox', debian: 'firefox-esr', found: () => findBrowser('firefox') !== undefined },
  ...[
    ['turnserver', 'coturn'],
    ['nats-server', 'nats-server'],
    ['tshark', 'tshark'],
    ['tcpdump', 'tcpdump'],
    ['ip', 'iproute2'],
    ['nft', 'nftables'],
    ['php', 'php-cli'],
    ['nginx', 'nginx-light'],
    ['caddy', 'caddy'],
    ['apache2', 'apache2-bin'],
    ['systemd-analyze', 'systemd'],
    ['openssl', 'openssl'],
  ].map(([command = '', debian = '']) => ({ command, debian, found: () => onPath(command) })),
  { command: 'python3 with cryptography', debian: 'python3-cryptography', found: () => findPython() !== undefined },
];

export const missingTools = (): readonly Tool[] => tools.filter((tool) => !tool.found());

/** Installs missing programs on Debian as root; elsewhere it prints what to install. */
export async function provideTools(): Promise<void> {
  const packages = missingTools().map((tool) => tool.debian);
  if (packages.length === 0) return;
  if (process.getuid?.() !== 0 || !onPath('apt-get')) {
    console.log(`missing: ${packages.join(', ')}; on Debian: sudo apt-get install ${packages.join(' ')}`);
    return;
  }
  console.log(`installing ${packages.join(', ')}`);
  const environment = ['DEBIAN_FRONTEND=noninteractive', 'apt-get'];
  for (const args of [['update'], ['install', '--yes', '--no-install-recommends', ...packages]]) {
    const { code, output } = await runCommand('env', [...environment, ...args], { minutes: 15 });
    if (code !== 0) console.log(output);
  }
}
