import { connect, createServer } from 'node:net';

/**
 * Run inside a network namespace: joins a unix socket, which every namespace of the machine can reach, to a loopback
 * port, which only that namespace has. `node relay-main.ts SOCKET PORT`
 */
const [path, port] = process.argv.slice(2);
createServer((outside) => {
  const inside = connect({ host: '127.0.0.1', port: Number(port) });
  outside.on('error', () => inside.destroy());
  inside.on('error', () => outside.destroy());
  outside.pipe(inside).pipe(outside);
}).listen(path, () => process.stdout.write('ready\n'));
