// A process of its own that floods a server with pings and joins until its standard input ends: what
// it does must not be counted as the server's. Prints how many frames it sent, and how often one of its sockets that sent
// pings was sent away for it (1008, RFC 6455 §7.4.1).
// usage: node flooder.mjs <url of the server> <token> <chat> <sockets>
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import WebSocket from 'ws';

const [url, token, chatId, sockets] = process.argv.slice(2);
const policyViolation = 1008;
let stopping = false;
let sentAway = 0;
process.stdin.on('end', () => (stopping = true)).resume();

/**
 * One socket after another that sends as fast as it can and reads nothing; how many frames it sent. Whoever reads
 * nothing does not see either that it was sent away: it comes again after so many frames.
 */
async function flood(kind) {
  let sent = 0;
  while (!stopping) {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
    socket.on('error', () => {});
    await Promise.race([once(socket, 'open'), once(socket, 'close')]).catch(() => {});
    if (socket.readyState !== WebSocket.OPEN) {
      await wait(100);
      continue;
    }
    socket.send(`40{"token":"${token}"}`);
    await wait(50);
    socket.pause();
    for (let batch = 0; batch < 20 && !stopping && socket.readyState === WebSocket.OPEN && socket.bufferedAmount < 1 << 20; batch += 1) {
      for (let n = 0; n < 100; n += 1) {
        if (kind === 'ping') socket.ping('x'.repeat(100));
        else socket.send(`42${n}["join-chat",{"chatId":"${chatId}","epoch":1,"after":0}]`);
        sent += 1;
      }
      await wait(1);
    }
    if (kind === 'ping' && socket.readyState === WebSocket.OPEN) {
      socket.resume();
      const [code] = await Promise.race([once(socket, 'close'), wait(2_000, [])]);
      if (code === policyViolation) sentAway += 1;
    }
    socket.terminate();
  }
  return sent;
}

const kinds = Array.from({ length: Number(sockets) }, (_, n) => (n % 2 === 0 ? 'ping' : 'join'));
const counts = await Promise.all(kinds.map(flood));
console.log(JSON.stringify({ frames: counts.reduce((sum, each) => sum + each), sentAway }));
process.exit();
