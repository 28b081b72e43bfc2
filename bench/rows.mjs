// What is measured: of each row the anchor first. `measure` returns one number for each column.
import { answering, postsBeside, watched, watchedBy } from './answers.mjs';
import { descriptorsMax, residentBytes, runLoad, startLoad, kernelBytes } from './process.mjs';
import { oldSystem } from './subjects/old_system.mjs';
import { floor, nodeRooms } from './subjects/plain.mjs';
import { cluster, embedded } from './subjects/rubricon.mjs';

const sum = (values) => Object.values(values).reduce((a, b) => a + b, 0);
const byWrite = floor('write', 'floor: a write() for each');
const coalescing = floor('coalesce', 'floor: coalescing');
const byUring = floor('uring', 'floor: io_uring');

/** Text of a message, so that every server sends frames as long as Rubricon's. */
const payload = { raw: 330, node: 310, rubricon: 100 };

async function fanOut(subject, sockets, inFlight, seconds) {
  const { protocol, port, servers } = subject;
  const options = { protocol, port, sockets, 'in-flight': inFlight, seconds, payload: payload[protocol] };
  if (protocol === 'rubricon') {
    const room = await subject.room();
    Object.assign(options, { chat: room.chat, after: room.after, tokens: await subject.file('tokens', Array(Math.ceil(sockets / 20)).fill(room.token)) });
  }
  if (protocol === 'node') options.chat = 'room';
  const { deliveries, seconds: took, cpuUs, latency } = await runLoad('fanout', options, servers);
  return { 'CPU µs a delivery': sum(cpuUs), 'deliveries/s': deliveries / took, 'p50 ms': latency.p50, 'p99 ms': latency.p99 };
}

async function arrivals(subject, sockets, more) {
  const { protocol, port, servers } = subject;
  return runLoad('arrivals', { protocol, port, sockets, 'at-once': 8, ...more }, servers);
}

async function idle(subject, sockets) {
  const { protocol, port, servers, pid } = subject;
  const options = { protocol, port, sockets, 'at-once': 32, addresses: Math.ceil(sockets / 20_000) };
  if (protocol === 'rubricon') {
    const room = await subject.room();
    Object.assign(options, { tokens: await subject.file('tokens', [room.token]), chats: await subject.file('chats', [room.chat]) });
  }
  await arrivals(subject, 200, options.tokens ? { tokens: options.tokens } : {}); // what is made once has been made
  const before = { resident: residentBytes(pid), kernel: kernelBytes() };
  const { leave } = await startLoad('arrivals', { ...options, stay: true }, servers);
  const after = { resident: residentBytes(pid), kernel: kernelBytes() };
  await leave();
  return {
    connections: sockets,
    'RSS bytes a connection': (after.resident - before.resident) / sockets,
    'kernel bytes a connection, both ends': (after.kernel.slabs - before.kernel.slabs + after.kernel.buffers - before.kernel.buffers) / sockets,
  };
}

async function senders(subject, count, seconds) {
  const people = await subject.people(count);
  const { protocol, port, restPort, servers } = subject;
  const { perSecond, cpuUs, latency } = await runLoad('senders', { protocol, port, ...(restPort ? { 'rest-port': restPort } : {}), people, seconds }, servers);
  const engines = ['PostgreSQL', 'RabbitMQ', 'Redis'];
  const ours = Object.entries(cpuUs).filter(([name]) => !engines.includes(name)).map(([, us]) => us);
  return { 'messages/s': perSecond, 'our CPU µs a message': sum(ours), 'all CPU µs a message': sum(cpuUs), 'p50 ms': latency.p50, 'p99 ms': latency.p99,
    ...Object.fromEntries(Object.entries(cpuUs).map(([name, us]) => [`CPU µs: ${name}`, us])) };
}

async function gets(subject, path, seconds) {
  const { chats, token, user } = await subject.library(50, 20);
  const options = { port: subject.apiPort ?? subject.restPort ?? subject.port, path: [path].flat().flatMap((each) => (each.includes(':id') ? chats.map((chat) => each.replace(':id', chat)) : [each])), seconds };
  if (token) options.token = token;
  if (user) options.header = `x-user: ${user}`;
  const { perSecond, cpuUs, latency } = await runLoad('requests', options, subject.servers);
  return { 'requests/s': perSecond, 'API CPU µs': cpuUs.api ?? cpuUs.rubricon, 'all CPU µs': sum(cpuUs), 'p50 ms': latency.p50, 'p99 ms': latency.p99 };
}

/** A subject under another name, which when it runs has `more`. */
const having = (subject, name, more) => ({ name: `${subject.name}, ${name}`, start: async () => ({ ...await subject.start(), ...more }) });

/** So many people with a chat each, and how many of their messages were committed together. */
const sendersOf = (subject, count) => having(subject, `${count} sender${count === 1 ? '' : 's'}`, { count });
async function commits(subject, count, seconds) {
  const before = await subject.metrics();
  const { 'messages/s': perSecond, 'all CPU µs a message': cpu, 'p50 ms': p50, 'p99 ms': p99 } = await senders(subject, count, seconds);
  const after = await subject.metrics();
  const since = (...names) => names.reduce((total, name) => total + (after[name] ?? 0) - (before[name] ?? 0), 0);
  const together = since('rubricon_sqlite_writes', 'rubricon_postgres_posts') / since('rubricon_sqlite_commits', 'rubricon_postgres_post_commits');
  return { 'messages/s': perSecond, 'writes a commit': together, 'all CPU µs a message': cpu, 'p50 ms': p50, 'p99 ms': p99 };
}

/** Each message of each chat has the word. */
const search = `/api/chat?limit=50&q=${encodeURIComponent('議論文')}`;
const searching = (words) => having(embedded, words ? 'with words' : 'the whole list', { words });

const idleAll = Math.min(50_000, descriptorsMax() - 500);

export const rows = [
  { id: 'fan-out-1', title: 'Fan-out, 1,000 sockets, 1 message in flight', subjects: [byWrite, byUring, nodeRooms, embedded],
    measure: (subject, seconds) => fanOut(subject, 1_000, 1, seconds), compare: 'CPU µs a delivery', must: { subject: embedded.name, limits: [{ most: 1.25, goal: 1.05 }] } },
  { id: 'fan-out-8', title: 'Fan-out, 1,000 sockets, 8 messages in flight', subjects: [coalescing, nodeRooms, embedded],
    measure: (subject, seconds) => fanOut(subject, 1_000, 8, seconds), compare: 'CPU µs a delivery', must: { subject: embedded.name, limits: [{ most: 1.4, goal: 1.0 }] } },
  { id: 'messages', title: 'POST → stored → new-msg, 64 senders, in one process', subjects: [oldSystem, embedded],
    measure: (subject, seconds) => senders(subject, 64, seconds), compare: 'messages/s', must: { subject: embedded.name, limits: [{ least: 8, goal: 25 }] } },
  { id: 'messages-cluster', title: 'POST → stored → new-msg, 64 senders, on PostgreSQL, RabbitMQ and Redis', subjects: [oldSystem, cluster],
    measure: (subject, seconds) => senders(subject, 64, seconds), compare: 'messages/s',
    must: { subject: cluster.name, limits: [{ least: 6, goal: 20 }, { column: 'our CPU µs a message', most: 0.1 }, { column: 'p99 ms', most: 0.25 }] } },
  { id: 'idle', title: 'Idle connections, 10,000, room and user state included', subjects: [nodeRooms, embedded],
    measure: (subject) => idle(subject, 10_000), compare: 'RSS bytes a connection', must: { subject: embedded.name, limits: [{ value: 4_096, goal: 2_048 }] } },
  { id: 'idle-all', title: `Idle connections, ${idleAll.toLocaleString('en')} on one process: 50,000, or what the machine lets one have`, subjects: [embedded],
    measure: (subject) => idle(subject, idleAll), compare: 'RSS bytes a connection', must: { subject: embedded.name, limits: [{ value: 4_096, goal: 2_048 }] } },
  { id: 'handshake-seen', title: 'Socket.IO handshakes, the token seen before', subjects: [nodeRooms, embedded],
    measure: async (subject) => {
      const tokens = subject.room ? await subject.file('tokens', [(await subject.room()).token]) : undefined;
      await arrivals(subject, 100, tokens ? { tokens } : {});
      const { cpuUs, perSecond } = await arrivals(subject, 2_000, tokens ? { tokens } : {});
      return { 'CPU µs a handshake': sum(cpuUs), 'handshakes/s': perSecond };
    }, compare: 'CPU µs a handshake', must: { subject: embedded.name, limits: [{ value: 100, goal: 60 }] } },
  { id: 'handshake-fresh', title: 'Socket.IO handshakes, each token at first sight', subjects: [nodeRooms, embedded],
    measure: async (subject) => {
      const tokens = subject.freshTokens ? await subject.freshTokens(1_000) : undefined;
      const { cpuUs, perSecond } = await arrivals(subject, 1_000, tokens ? { tokens } : {});
      return { 'CPU µs a handshake': sum(cpuUs), 'handshakes/s': perSecond };
    }, compare: 'CPU µs a handshake', must: { subject: embedded.name, limits: [{ value: 230, goal: 150 }] } },
  { id: 'answers', title: 'POST → stored → new-msg, one sender, while answers are written', subjects: [answering(0), answering(200)],
    measure: (subject, seconds) => postsBeside(subject, subject.count, seconds), compare: 'p99 ms', must: { subject: answering(200).name, limits: [{ most: 1.5, goal: 1.1 }] } },
  { id: 'streaming', title: 'An answer being written, 1,000 sockets that watch', subjects: [watched(100), watched(1_000)],
    measure: (subject, seconds) => watchedBy(subject, seconds), compare: 'CPU µs a delivery' },
  { id: 'search', title: 'GET /api/chat with words, 50 chats of 20 messages, in one process', subjects: [searching(false), searching(true)],
    measure: (subject, seconds) => gets(subject, subject.words ? search : '/api/chat?limit=50', seconds), compare: 'API CPU µs' },
  { id: 'group-commit', title: 'Messages that are committed together, in one process', subjects: [1, 8, 64, 256].map((count) => sendersOf(embedded, count)),
    measure: (subject, seconds) => commits(subject, subject.count, seconds), compare: 'messages/s' },
  { id: 'group-commit-cluster', title: 'Messages that are committed together, on PostgreSQL', subjects: [1, 64].map((count) => sendersOf(cluster, count)),
    measure: (subject, seconds) => commits(subject, subject.count, seconds), compare: 'messages/s' },
  ...[['list', 'GET /api/chat, 50 chats', '/api/chat?limit=50'], ['chat', 'GET /api/chat/:id, 20 messages', '/api/chat/:id']].flatMap(([id, title, path]) => [
    { id, title: `${title}, in one process`, subjects: [oldSystem, embedded],
      measure: (subject, seconds) => gets(subject, path, seconds), compare: 'requests/s',
      must: { subject: embedded.name, limits: [{ least: 5, goal: 15 }, { column: 'API CPU µs', most: 0.1, goal: 1 / 15 }] } },
    { id: `${id}-cluster`, title: `${title}, on PostgreSQL and Redis`, subjects: [oldSystem, cluster],
      measure: (subject, seconds) => gets(subject, path, seconds), compare: 'requests/s',
      must: { subject: cluster.name, limits: [{ least: 5, goal: 15 }, { column: 'API CPU µs', most: 0.1, goal: 1 / 15 }] } },
  ]),
];
