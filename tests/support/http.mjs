// Requests as no browser and no fetch would make them: from another address, with a forged header,
// byte by byte.
import { request } from 'node:http';
import { connect } from 'node:net';

/**
 * One request. `from` is the address it comes from (any of 127.0.0.0/8), `headers` are sent as they
 * are, Origin, Cookie and Host included.
 */
export function ask(server, method, path, { body, headers = {}, from, port = server.port } = {}) {
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const typed = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
  return new Promise((resolve, reject) => {
    const outgoing = request({
      host: '127.0.0.1', port, method, path, localAddress: from, agent: false,
      headers: {
        ...(text === undefined || typed ? {} : { 'content-type': 'application/json' }),
        ...(text === undefined ? {} : { 'content-length': Buffer.byteLength(text) }),
        ...headers,
      },
    });
    outgoing.on('response', async (answer) => {
      let received = '';
      for await (const chunk of answer) received += chunk;
      resolve({ status: answer.statusCode, headers: answer.headers, text: received, body: parsed(received) });
    });
    outgoing.on('upgrade', (answer, socket) => {
      socket.destroy();
      resolve({ status: answer.statusCode, headers: answer.headers, text: '' });
    });
    outgoing.on('error', reject);
    outgoing.end(text);
  });
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const bearer = (token) => ({ authorization: `Bearer ${token}` });

/** The fields of a WebSocket upgrade. */
export const upgrade = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' };

/** Sends the bytes and reads until the server closes; resolves with all that came, as latin1 text. */
export function exchangeBytes(server, bytes) {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write(Buffer.from(bytes, 'latin1')));
    let received = '';
    socket.on('data', (chunk) => (received += chunk.toString('latin1')));
    socket.on('error', (error) => (error.code === 'ECONNRESET' ? resolve(received) : reject(error)));
    socket.on('close', () => resolve(received));
  });
}

/** The status of each response in what `exchangeBytes` resolved with. */
export const statuses = (text) => [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1]));

/** The name=value pairs that an answer sets. */
export const cookies = (answer) => [answer.headers['set-cookie'] ?? []].flat().map((each) => each.split(';')[0]).join('; ');
