/** The Helm chart and the file for Traefik: what their YAML says, beside the compose file, which says the same otherwise. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { parseServerConfiguration } from '../../../src/configuration.ts';
import { CONFIGURATION } from '../harness.ts';
import { renderChart } from './chart.ts';

const textOf = (file: string): string => readFileSync(`src/server/deploy/${file}`, 'utf8');
const PATHS = ['/signal', '/config', '/transparency'];

interface Container {
  readonly image: string;
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly envFrom: readonly { readonly secretRef: { readonly name: string } }[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly readinessProbe: { readonly httpGet: { readonly path: string; readonly port: string } };
  readonly securityContext: unknown;
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
}

interface Chart {
  readonly ConfigMap: { readonly metadata: { readonly name: string }; readonly data: Readonly<Record<string, string>> };
  readonly Deployment: {
    readonly spec: {
      readonly replicas: number;
      readonly selector: { readonly matchLabels: unknown };
      readonly template: {
        readonly metadata: { readonly labels: unknown };
        readonly spec: {
          readonly terminationGracePeriodSeconds: number;
          readonly securityContext: Readonly<Record<string, unknown>>;
          readonly containers: readonly Container[];
          readonly volumes: readonly { readonly name: string; readonly configMap: { readonly name: string } }[];
        };
      };
    };
  };
  readonly Service: { readonly metadata: { readonly name: string }; readonly spec: { readonly selector: unknown } };
  readonly PodDisruptionBudget: { readonly spec: { readonly minAvailable: number } };
  readonly Ingress: {
    readonly metadata: { readonly annotations: Readonly<Record<string, string>> };
    readonly spec: {
      readonly rules: readonly {
        readonly http: {
          readonly paths: readonly {
            readonly path: string;
            readonly pathType: string;
            readonly backend: { readonly service: { readonly name: string } };
          }[];
        };
      }[];
    };
  };
}

interface Compose {
  readonly services: {
    readonly signal: {
      readonly deploy: { readonly replicas: number };
      readonly environment: Readonly<Record<string, string>>;
      readonly volumes: readonly string[];
      readonly read_only: boolean;
      readonly cap_drop: readonly string[];
    };
  };
}

const chart = (more = {}): Chart =>
  renderChart(
    textOf('helm/consult-room/templates/all.yaml'),
    textOf('helm/consult-room/values.yaml'),
    more,
  ) as unknown as Chart;
const compose = (parse(textOf('compose.yaml')) as Compose).services.signal;

describe('the Helm chart', () => {
  it('gives the server the variables of the compose file, and the secrets from a secret', () => {
    const [container] = chart().Deployment.spec.template.spec.containers;
    const given = container?.env.map(({ name }) => name) ?? [];
    const secret = /A secret with (.+)\.$/mu.exec(textOf('helm/consult-room/values.yaml'))?.[1]?.split(' and ') ?? [];
    assert.equal(secret.length, 2);
    assert.deepEqual(container?.envFrom, [{ secretRef: { name: 'consult-room' } }]);
    // The chart's NATS has TLS; its servers have more time to end.
    const other = ['CONSULT_ROOM_NATS_PLAINTEXT', 'CONSULT_ROOM_DRAIN_SECONDS'];
    const rest = (names: readonly string[]) => names.filter((name) => !other.includes(name)).sort();
    assert.deepEqual(rest([...given, ...secret]), rest(Object.keys(compose.environment)));
    const address = container?.env.find(({ name }) => name === 'CONSULT_ROOM_ADDRESS_FROM')?.value;
    assert.equal(address, compose.environment['CONSULT_ROOM_ADDRESS_FROM']);
    assert.equal(container?.env.find(({ name }) => name === 'CONSULT_ROOM_NATS')?.value, 'tls://nats:4222');
  });

  it('runs as many servers as the compose file, without root and read-only, and lets them move their clients', () => {
    const { spec } = chart().Deployment;
    const { containers, securityContext, terminationGracePeriodSeconds } = spec.template.spec;
    assert.equal(spec.replicas, compose.deploy.replicas);
    assert.equal(containers.length, 1);
    const [{ securityContext: own, env }] = containers as readonly [Container];
    const { read_only: readOnlyRootFilesystem, cap_drop: drop } = compose;
    assert.deepEqual(own, { allowPrivilegeEscalation: false, readOnlyRootFilesystem, capabilities: { drop } });
    const [, user] = /^USER (\d+):\d+$/mu.exec(textOf('Dockerfile')) ?? [];
    assert.deepEqual([securityContext['runAsNonRoot'], securityContext['runAsUser']], [true, Number(user)]);
    const drain = Number(env.find(({ name }) => name === 'CONSULT_ROOM_DRAIN_SECONDS')?.value);
    assert.ok(drain > 0 && drain < terminationGracePeriodSeconds);
    assert.equal(chart().PodDisruptionBudget.spec.minAvailable, spec.replicas - 1);
  });

  it('puts the configuration where the image reads it, as it was given', () => {
    const { ConfigMap, Deployment } = chart({
      config: { ...CONFIGURATION, operator: { name: 'A "B" {{ c }} ä', country: 'DE' } },
    });
    const { containers, volumes } = Deployment.spec.template.spec;
    const [{ volumeMounts }] = containers as readonly [Container];
    const mount = volumeMounts[0];
    const volume = volumes.find(({ name }) => name === mount?.name);
    assert.equal(volume?.configMap.name, ConfigMap.metadata.name);
    const [file = ''] = Object.keys(ConfigMap.data);
    const read = `${mount?.mountPath ?? ''}/${file}`;
    assert.ok(textOf('Dockerfile').includes(`"--config", "${read}"`));
    assert.ok(compose.volumes.some((one) => one.includes(`:${read}:`)));
    const configuration = parseServerConfiguration(JSON.parse(ConfigMap.data[file] ?? '') as typeof CONFIGURATION);
    assert.equal(configuration.operator.name, 'A "B" {{ c }} ä');
  });

  it('leads the paths that browsers need, and no others, to the port of the server', () => {
    const { Deployment, Service, Ingress } = chart();
    const { spec } = Deployment;
    const [{ ports, readinessProbe }] = spec.template.spec.containers as readonly [Container];
    assert.ok(textOf('Dockerfile').includes(`EXPOSE ${String(ports[0]?.containerPort)}`));
    assert.deepEqual(readinessProbe.httpGet, { path: '/healthz', port: ports[0]?.name });
    const labels = [spec.selector.matchLabels, spec.template.metadata.labels, Service.spec.selector];
    for (const one of labels) assert.deepEqual(one, labels[0]);
    // Access logs hold addresses; that of ingress-nginx is on unless told otherwise.
    assert.equal(Ingress.metadata.annotations['nginx.ingress.kubernetes.io/enable-access-log'], 'false');
    const { paths } = Ingress.spec.rules[0]!.http;
    assert.deepEqual(
      paths.map(({ path }) => path),
      PATHS,
    );
    for (const { pathType, backend } of paths) {
      assert.equal(pathType, 'Exact');
      assert.equal(backend.service.name, Service.metadata.name);
    }
  });
});

describe('the file for Traefik', () => {
  it('leads the paths that browsers need, and no others, to a service that it defines', () => {
    const { http } = parse(textOf('traefik.yaml'), { strict: true }) as {
      readonly http: {
        readonly routers: Readonly<Record<string, { readonly rule: string; readonly service: string }>>;
        readonly services: Readonly<Record<string, unknown>>;
      };
    };
    const routers = Object.values(http.routers);
    assert.equal(routers.length, 1);
    const { rule = '', service } = routers[0] ?? {};
    assert.deepEqual(
      [...rule.matchAll(/Path\(`([^`]+)`\)/gu)].map(([, path]) => path),
      PATHS,
    );
    assert.deepEqual(Object.keys(http.services), [service]);
  });
});
