// Rubricon, whole in one process on SQLite, or in roles on PostgreSQL, RabbitMQ and Redis.
import { createPrivateKey, randomUUID, sign } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Device } from '../../tests/support/client.mjs';
import { Cluster } from '../../tests/support/cluster.mjs';
import { freePort, Server } from '../../tests/support/server.mjs';
import { pin } from '../process.mjs';

const many = '1000000';
/** Nobody is to be measured at a limit. */
const unlimited = Object.fromEntries(['USER_REQUESTS_PER_SECOND', 'USER_MESSAGES_PER_SECOND', 'USER_SOCKETS', 'SOCKET_EVENTS_PER_SECOND',
  'ADDRESS_REQUESTS_PER_SECOND', 'ADDRESS_SOCKETS', 'ADDRESS_CONNECTS_PER_SECOND'].map((name) => [`RUBRICON_${name}`, many]));

/** Name and value of each metric without labels. */
async function metricsOf(adminPort) {
  const text = await (await fetch(`http://127.0.0.1:${adminPort}/metrics`)).text();
  return Object.fromEntries([...text.matchAll(/^(\w+) (\S+)$/gm)].map(([, name, value]) => [name, Number(value)]));
}

/** What every form of it can be asked for. `server` is where REST is; `analyse` does what autovacuum does within a minute. */
const filled = (server, folder, analyse = async () => {}) => ({
  protocol: 'rubricon',

  /** One person, and a chat without the assistant in which so many messages are. */
  async room(messages = 0) {
    const device = await Device.register(server);
    const chat = await device.createChat('', { ai: 'off' });
    for (let n = 0; n < messages; n += 1) await device.postUntilStored(chat, `請為八年級的議論文設計評分規準，第 ${n} 點`);
    return { token: device.token, chat, after: 1 + messages, device };
  },

  /** As many tokens of one person, each seen by nobody yet: signed here with the server's key. */
  async freshTokens(count) {
    const [header, payload] = (await Device.register(server)).token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const key = createPrivateKey(await readFile(path.join(folder, 'keys/current.pem')));
    return this.file('fresh', Array.from({ length: count }, () => {
      const text = `${header}.${Buffer.from(JSON.stringify({ ...claims, jti: randomUUID() })).toString('base64url')}`;
      return `${text}.${sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
    }));
  },

  /** As many chats, all of one person: accounts are limited by address, whatever is configured. */
  async people(count) {
    const device = await Device.register(server);
    const lines = [];
    for (let n = 0; n < count; n += 1) lines.push(`${device.token} ${await device.createChat('', { ai: 'off' })} ${device.user.id} 1`);
    return this.file('people', lines);
  },

  /** One person with so many chats of so many messages each, who has read them. */
  async library(chats, messages) {
    const device = await Device.register(server);
    const all = [];
    for (let n = 0; n < chats; n += 1) {
      const chat = await device.createChat('八年級議論文評分規準', { ai: 'off' });
      for (let m = 0; m < messages; m += 1) await device.postUntilStored(chat, `請為八年級的議論文設計評分規準，第 ${m} 點`);
      await device.rest('PUT', `/api/chat/${chat}/read`, { seq: 1 + messages });
      all.push(chat);
    }
    await analyse();
    return { token: device.token, chats: all };
  },

  async file(name, lines) {
    const file = path.join(folder, name);
    await writeFile(file, lines.map((line) => `${line}\n`).join(''));
    return file;
  },
});

const alone = (env) => ({
  name: 'Rubricon (one process, SQLite)',
  async start() {
    const adminPort = await freePort();
    const server = await (await Server.create({ adminPort, env: { ...unlimited, RUBRICON_LOG_LEVEL: 'warning', ...env }, stdout: 'ignore' })).start();
    pin(server.child.pid);
    const running = { ...filled(server, server.data), server, metrics: () => metricsOf(adminPort), port: server.port, pid: server.child.pid, servers: { rubricon: server.child.pid },
      stop: () => server.destroy({ audit: false }) };
    /** The same data, a new process. */
    running.restart = async () => {
      await server.stop();
      await server.start();
      pin(server.child.pid);
      Object.assign(running, { pid: server.child.pid, servers: { rubricon: server.child.pid } });
    };
    return running;
  },
});

export const embedded = alone({});
/** With a model, of which anybody may ask as much as they like. */
export const withModel = (model) => alone({ ...model, RUBRICON_AI_CONCURRENCY: '1000', RUBRICON_AI_USER_CONCURRENCY: '1000' });

export const cluster = {
  name: 'Rubricon (api, gateway, worker, PostgreSQL, RabbitMQ, Redis)',
  async start() {
    const made = await (await Cluster.create({ apis: 1, gateways: 1, workers: 1, env: { ...unlimited, RUBRICON_LOG_LEVEL: 'info' } })).start();
    const [api, gateway, worker] = [made.apis[0], made.gateways[0], made.workers[0]];
    const first = async (name) => Number((await readFile(path.join(made.services[name].folder, 'pid'), 'utf8')).split('\n')[0]);
    const engines = { PostgreSQL: await first('postgres'), RabbitMQ: await first('rabbitmq'), Redis: await first('redis') };
    const roles = { api: api.child.pid, gateway: gateway.child.pid, worker: worker.child.pid };
    pin(...Object.values(roles), ...Object.values(engines));
    return { metrics: () => metricsOf(api.ready['rubricon.admin_port']), ...filled(api, made.folder, () => made.services.postgres.ask('ANALYZE')), port: gateway.port, restPort: api.port, servers: { ...roles, ...engines }, stop: () => made.destroy() };
  },
};
