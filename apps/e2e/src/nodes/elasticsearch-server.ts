import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRoot, waitFor } from '@kith/testing';
import { freeAddress } from './service-process.ts';

/** One real Elasticsearch node of the test's own on a loopback address of its own, ports 9200 and 9300. */
export interface ElasticsearchServer {
  readonly name: string;
  readonly url: string;
  /** Where other nodes of its cluster reach it. */
  readonly transport: string;
  /** Starts it on the data that it has, and waits until it answers; with other settings than before where given. */
  start(settings?: readonly string[]): Promise<void>;
  isRunning(): boolean;
  /** As a power cut does. */
  kill(): Promise<void>;
  /** Resolves with the answer's JSON; rejects where its status is no success. */
  call(method: string, path: string, body?: object): Promise<unknown>;
  /** Kills it and removes its data. */
  close(): Promise<void>;
}

/** Folder of an unpacked Elasticsearch; ES_JAVA_HOME names the Java for one that brings none. */
export const elasticsearchHome = process.env.KITH_TEST_ELASTICSEARCH_HOME ?? '';
/** For `skipUnless`. */
export const needsElasticsearchHome = 'needs an unpacked Elasticsearch: KITH_TEST_ELASTICSEARCH_HOME';

/** Enough for a few thousand documents; and a start takes half as long if Java does not think long about its code. */
const JAVA = '-Xms256m -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1';
/** A start takes 15 s, much longer where several start at once on a busy machine. */
const START_MS = 150_000;
/** Elasticsearch refuses to run as root: the user `nobody` of every Linux. */
const NOBODY = 65_534;

export interface ElasticsearchServerOptions {
  readonly name: string;
  readonly host?: string;
  /** Lines of elasticsearch.yml beside names, paths and addresses. */
  readonly settings?: readonly string[];
  /** Further files of the configuration folder. */
  readonly files?: Record<string, string>;
}

const FOLDERS = ['config', 'data', 'logs', 'tmp'];
const LOGGING = [
  'rootLogger.level = warn',
  'rootLogger.appenderRef.c.ref = c',
  'appender.c.type = Console',
  'appender.c.name = c',
  'appender.c.layout.type = PatternLayout',
  'appender.c.layout.pattern = %m%n',
].join('\n');

export function elasticsearchServer(options: ElasticsearchServerOptions): ElasticsearchServer {
  const { name, host = freeAddress(), settings = ['discovery.type: single-node'], files = {} } = options;
  const directory = mkdtempSync(join(tmpdir(), 'kith-elasticsearch-'));
  const url = `${settings.includes('xpack.security.http.ssl.enabled: true') ? 'https' : 'http'}://${host}:9200`;
  const at = (file: string) => join(directory, file);
  for (const folder of FOLDERS) mkdirSync(at(folder));
  const configure = (lines: readonly string[]) => {
    const all = {
      ...files,
      'elasticsearch.yml': elasticsearchYml({ name, host, directory, lines }),
      'jvm.options': `-Djava.io.tmpdir=${at('tmp')}\n-XX:+ExitOnOutOfMemoryError\n-XX:ErrorFile=${at('logs')}/java.log\n`,
      'log4j2.properties': LOGGING,
    };
    for (const [file, text] of Object.entries(all)) writeFileSync(join(at('config'), file), text);
    const owned = ['.', ...FOLDERS, ...Object.keys(all).map((file) => `config/${file}`)];
    if (isRoot()) for (const one of owned) chownSync(at(one), NOBODY, NOBODY);
  };
  configure(settings);

  let launched: ReturnType<typeof spawn> | undefined;
  let output = '';
  /** The launcher starts the server proper as a process of its own, which writes its id. */
  const serverId = () => (existsSync(at('pid')) ? Number(readFileSync(at('pid'), 'utf8')) || undefined : undefined);
  const isRunning = () => launched !== undefined && launched.exitCode === null && launched.signalCode === null;

  const call: ElasticsearchServer['call'] = async (method, path, body) => {
    const json = body ? { 'content-type': 'application/json' } : {};
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: json,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 500)}`);
    return JSON.parse(text);
  };

  const kill = async () => {
    const id = serverId();
    try {
      if (isRunning() && id !== undefined) process.kill(id, 'SIGKILL');
    } catch {
      // Ended by itself meanwhile.
    }
    // The launcher ends when its server has; one that has not got so far has none.
    if (id === undefined) launched?.kill('SIGKILL');
    await waitFor(() => !isRunning(), { what: `${name} to end`, timeoutMs: 30_000 });
    rmSync(at('pid'), { force: true });
  };

  return {
    ...{ name, url, transport: `${host}:9300`, isRunning, call, kill },
    async start(lines) {
      if (isRunning()) return;
      if (lines) configure(lines);
      output = '';
      const { PATH = '', ES_JAVA_HOME } = process.env;
      const child = spawn(join(elasticsearchHome, 'bin/elasticsearch'), ['-p', at('pid')], {
        cwd: directory,
        env: {
          ...{ PATH, HOME: directory, ES_PATH_CONF: at('config'), ES_TMPDIR: at('tmp'), ES_JAVA_OPTS: JAVA },
          ...(ES_JAVA_HOME === undefined ? {} : { ES_JAVA_HOME }),
        },
        ...(isRoot() ? { uid: NOBODY, gid: NOBODY } : {}),
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      launched = child;
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (part) => {
          output = `${output}${part}`.slice(-20_000);
        });
      const answers = async () => {
        if (!isRunning()) return 'ended';
        // It listens to HTTP last of all.
        const socket = connect(9200, host);
        await once(socket, 'connect').finally(() => socket.destroy());
        return 'there';
      };
      if ((await waitFor(answers, { what: `${name} to answer`, timeoutMs: START_MS })) === 'ended')
        throw new Error(`${name} did not start:\n${output}`);
    },
    async close() {
      await kill();
      rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function elasticsearchYml(options: {
  name: string;
  host: string;
  directory: string;
  lines: readonly string[];
}): string {
  const { name, host, directory, lines } = options;
  const unless = (word: string, line: string) => (lines.some((given) => given.includes(word)) ? [] : [line]);
  return [
    'cluster.name: kith-test',
    `node.name: ${name}`,
    `network.host: ${host}`,
    'http.port: 9200',
    'transport.port: 9300',
    `path.data: ${directory}/data`,
    `path.logs: ${directory}/logs`,
    ...unless('xpack.security', 'xpack.security.enabled: false'),
    // How full the disk of the machine is must not matter, unless a test says so.
    ...unless('allocation.disk', 'cluster.routing.allocation.disk.threshold_enabled: false'),
    ...lines,
    '',
  ].join('\n');
}
