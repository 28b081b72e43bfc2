// What becomes of the cost of things as there is more of everything: sockets in a room, chats, messages in a chat.
import { performance } from 'node:perf_hooks';
import { Device } from '../tests/support/client.mjs';
import { runLoad } from './process.mjs';
import { nodeRooms } from './subjects/plain.mjs';
import { embedded } from './subjects/rubricon.mjs';

const sum = (values) => Object.values(values).reduce((a, b) => a + b, 0);
const powers = (from, to) => Array.from({ length: Math.round(Math.log10(to / from)) + 1 }, (_, n) => from * 10 ** n);
const say = (...words) => console.error('growth:', ...words);

async function running(subject, work) {
  const server = await subject.start();
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}

/** A delivery, by sockets in the room. */
async function rooms(seconds) {
  const series = [];
  for (const subject of [nodeRooms, embedded]) {
    const points = [];
    for (const sockets of powers(1, 10_000)) {
      const { cpuUs } = await running(subject, async (server) => {
        const options = { protocol: server.protocol, port: server.port, sockets, 'in-flight': 1, seconds, payload: server.protocol === 'node' ? 310 : 100, chat: 'room' };
        if (server.room) {
          const room = await server.room();
          Object.assign(options, { chat: room.chat, after: room.after, tokens: await server.file('tokens', Array(Math.ceil(sockets / 20)).fill(room.token)) });
        }
        return runLoad('fanout', options, server.servers);
      });
      points.push([sockets, sum(cpuUs)]);
      say(subject.name, sockets, 'sockets:', sum(cpuUs).toFixed(2), 'µs a delivery');
    }
    series.push({ name: subject.name, points });
  }
  return { id: 'growth-room', title: 'A delivery, by sockets in the room', xLabel: 'sockets in the room', yLabel: 'CPU µs a delivery', series };
}

/** A message, by chats that there are. */
async function chats(seconds) {
  const points = [];
  await running(embedded, async (server) => {
    const device = await Device.register({ url: `http://127.0.0.1:${server.port}` });
    let there = 0;
    for (const count of powers(10, 100_000)) {
      const missing = count - there;
      for (let done = 0; done < missing; done += 100) await Promise.all(Array.from({ length: Math.min(100, missing - done) }, (_, n) => device.createChat(`chat ${there + done + n}`, { ai: 'off' })));
      there = count;
      const people = await server.people(64);
      const { cpuUs } = await runLoad('senders', { protocol: 'rubricon', port: server.port, people, seconds }, server.servers);
      points.push([count, sum(cpuUs)]);
      say(count, 'chats:', sum(cpuUs).toFixed(1), 'µs a message');
    }
  });
  return { id: 'growth-chats', title: 'A message, by chats in the database', xLabel: 'chats', yLabel: 'CPU µs a message', series: [{ name: embedded.name, points }] };
}

/** A message and a look into a chat, by messages that are in it; and the start of a server that has them. */
async function messages(seconds) {
  const [post, open, start, first] = [[], [], [], []];
  await running(embedded, async (server) => {
    const room = await server.room();
    const people = await server.file('one', Array(64).fill(`${room.token} ${room.chat} ${room.device.user.id} 1`));
    let there = 0;
    for (const count of powers(100, 1_000_000)) {
      const options = { protocol: 'rubricon', port: server.port, people, deaf: true };
      const { messages: stored } = await runLoad('senders', { ...options, count: count - there }, server.servers);
      there += stored;
      const posted = await runLoad('senders', { ...options, seconds }, server.servers);
      there += posted.messages;
      const opened = await runLoad('requests', { port: server.port, path: `/api/chat/${room.chat}`, token: room.token, seconds }, server.servers);
      post.push([count, sum(posted.cpuUs)]);
      open.push([count, sum(opened.cpuUs)]);
      const began = performance.now();
      await server.restart();
      start.push([count, performance.now() - began]);
      const asked = performance.now();
      await room.device.postUntilStored(room.chat, 'the first one after the start');
      first.push([count, performance.now() - asked]);
      there += 1;
      say(count, 'messages: POST', sum(posted.cpuUs).toFixed(1), 'µs, GET', sum(opened.cpuUs).toFixed(1), 'µs, start', start.at(-1)[1].toFixed(0), 'ms, first', first.at(-1)[1].toFixed(1), 'ms');
    }
  });
  return [
    { id: 'growth-messages', title: 'A POST and a GET, by messages in the chat', xLabel: 'messages in the chat', yLabel: 'CPU µs', series: [{ name: 'POST a message', points: post }, { name: 'GET the chat', points: open }] },
    { id: 'growth-start', title: 'Start, and the first message after it', xLabel: 'messages in the database', yLabel: 'ms', series: [{ name: 'start until ready', points: start }, { name: 'first message', points: first }] },
  ];
}

/** Every plot's data. */
export async function measureGrowth(seconds) {
  return [await rooms(seconds), await chats(seconds), ...(await messages(seconds))];
}
