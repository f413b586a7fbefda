import { connect } from 'node:net';

/** Writes bytes to the application's socket and reads until it closes: what no client would send. */
export function sendRaw(baseUrl: string, ...chunks: readonly string[]): Promise<string> {
  const { hostname, port } = new URL(baseUrl);
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => {
      for (const chunk of chunks) socket.write(chunk);
    });
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => (answer += text));
    socket.on('error', reject);
    socket.on('close', () => {
      resolve(answer);
    });
  });
}

/** The status and the JSON body of a raw answer. */
export function readRaw(answer: string): {
  status: number;
  body: Readonly<Record<string, unknown>>;
} {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  return {
    status: Number(head.split(' ')[1]),
    body: JSON.parse(body) as Readonly<Record<string, unknown>>,
  };
}
