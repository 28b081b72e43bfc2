// What answers cost those who wait for none: a POST while so many are being written, and how soon the first word of each
// is on its socket.
import { Device } from '../tests/support/client.mjs';
import { ScriptedModel } from '../tests/support/scripted_model.mjs';
import { runLoad, startLoad } from './process.mjs';
import { withModel } from './subjects/rubricon.mjs';

const words = '評'.repeat(400);
const pieceMs = 200;

/** Rubricon with a model that writes five pieces a second, and so many questions to it under way. */
export const answering = (count) => ({
  name: count === 0 ? 'Rubricon, no answer being written' : `Rubricon, ${count} answers being written`,
  async start() {
    const model = await ScriptedModel.start();
    Object.assign(model, { text: words, pieceMs });
    const running = await withModel(model.env).start();
    return { ...running, model, count, stop: async () => (await running.stop(), await model.stop()) };
  },
});

/** Rubricon with a model that writes a hundred pieces a second, and so many sockets in the chat. */
export const watched = (sockets) => ({
  name: `Rubricon, ${sockets.toLocaleString('en')} sockets`,
  async start() {
    const model = await ScriptedModel.start();
    Object.assign(model, { text: '評'.repeat(4_000), pieceMs: 10 });
    const running = await withModel(model.env).start();
    return { ...running, model, sockets, stop: async () => (await running.stop(), await model.stop()) };
  },
});

export async function watchedBy({ server, servers, port, sockets, file }, seconds) {
  const device = await Device.register(server);
  const chat = await device.createChat();
  const tokens = await file('tokens', Array(Math.ceil(sockets / 20)).fill(device.token));
  const { result, leave } = await startLoad('watch', { port, sockets, chat, after: 1, seconds, tokens }, servers);
  await device.postUntilStored(chat, '請為八年級的議論文設計評分規準');
  const { deliveries, seconds: took, cpuUs, latency } = await result();
  await leave();
  return { 'CPU µs a delivery': cpuUs.rubricon, 'deliveries/s': deliveries / took, 'p99 ms after the first socket': latency.p99 };
}

/** Questions in as many chats, all of which have begun to be answered; how long each first word took to its socket. */
async function begin({ server, model }, count) {
  const asker = await Device.register(server);
  await asker.connect();
  const heard = new Map();
  asker.socket.on('ai-delta', ({ chatId }) => heard.has(chatId) || heard.set(chatId, performance.now()));
  const questions = new Map();
  for (let n = 0; n < count; n += 1) {
    const chatId = await asker.createChat(`chat ${n}`);
    await asker.join(chatId);
    questions.set(chatId, `第 ${n} 個問題`);
  }
  await Promise.all([...questions].map(([chatId, text]) => asker.postUntilStored(chatId, text)));
  await asker.until(() => heard.size === count);
  const written = (text) => [...model.firstWords].find(([content]) => content.includes(text))[1];
  const took = [...questions].map(([chatId, text]) => heard.get(chatId) - written(text)).toSorted((a, b) => a - b);
  return { took, asker };
}

export async function postsBeside(subject, count, seconds) {
  const { took, asker } = await begin(subject, count);
  const people = await subject.people(1);
  const { protocol, port, servers } = subject;
  const { perSecond, cpuUs, latency } = await runLoad('senders', { protocol, port, people, seconds }, servers);
  const stillWriting = subject.model.open.size;
  asker.close();
  if (stillWriting !== count) throw new Error(`${stillWriting} of ${count} answers were being written in the end`);
  const at = (part) => took[Math.min(took.length - 1, Math.floor(took.length * part))] ?? 0;
  return { 'p99 ms': latency.p99, 'p50 ms': latency.p50, 'messages/s': perSecond, 'CPU µs a message': Object.values(cpuUs)[0],
    'first word p50 ms': at(0.5), 'first word p99 ms': at(0.99) };
}
