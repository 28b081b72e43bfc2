// F15: every process is restarted in turn under load, and no client gets anything but what it asked for: no refusal, no
// reset, no socket that fails to connect, at the first try. Sockets are sent away and come back; they miss nothing. In the
// middle of it a newer version changes the schema, and those of this one start with it all the same.
// tests: src/net/newcomers.cpp
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Device } from '../support/client.mjs';
import { Cluster } from '../support/cluster.mjs';
import { Load, long } from '../support/fault_load.mjs';
import { report } from '../support/fault_report.mjs';

let cluster;
before(async () => (cluster = await (await Cluster.create()).start()), { timeout: 180_000 });
after(() => cluster?.destroy(), { timeout: 120_000 });

/** Whoever asks, again and again until `over()`; notes every answer that is not `wanted`. */
class Asker {
  constructor(errors, over) {
    Object.assign(this, { errors, over, answers: 0 });
  }

  async expect(wanted, what, ask) {
    const { status } = await ask().catch((error) => ({ status: error.cause ?? error }));
    this.answers += 1;
    if (status !== wanted) this.errors.push(`${what}: ${status}`);
  }

  /** Reading, and POSTs that carry no key, so that no proxy may send them twice. */
  async requests(device) {
    while (!this.over()) {
      await this.expect(201, 'POST of a chat', () => device.rest('POST', '/api/chat', { title: 'new', context: { ai: 'off' } }));
      await this.expect(200, 'GET of the chats', () => device.rest('GET', '/api/chat'));
      await this.expect(200, 'GET of me', () => device.rest('GET', '/api/me'));
      await wait(20);
    }
  }

  /** New sockets, by each transport in turn, that want to be let in wherever they come to. */
  async newcomers(device, chatId) {
    for (let n = 0; !this.over(); n += 1) {
      const comer = new Device(device.server, device.account);
      comer.adopt(device);
      const transports = [['websocket'], ['polling'], ['polling', 'websocket']][n % 3];
      const connected = comer.connect({ transports });
      comer.socket.on('connect_error', (error) => this.errors.push(`a new socket by ${transports}: ${error.message}`));
      await connected;
      const ack = await comer.join(chatId);
      if (ack && !ack.ok) this.errors.push(`join: ${JSON.stringify(ack)}`);
      this.answers += 1;
      comer.close();
      await wait(30);
    }
  }
}

/** What a newer version does that leaves this one alone: a column that it does not know, and word that it may go on. */
const newerSchema = `SET lock_timeout = '2s'; ALTER TABLE messages ADD COLUMN newer text; ALTER TABLE events ADD COLUMN newer text;
  ALTER TABLE outbox ADD COLUMN newer text; ALTER TABLE chats ADD COLUMN newer text;
  INSERT INTO schema_migrations (version, name, applied_at, usable_since) SELECT max(version) + 1, 'newer', now(), max(version) FROM schema_migrations`;

/** Again where it waits for somebody, or somebody for it, as our own migrations do. */
const migrate = () => cluster.until(async () => {
  try {
    await cluster.services.postgres.ask(newerSchema);
    return true;
  } catch (error) {
    if (/deadlock detected|lock timeout/.test(error.message)) return false;
    throw error;
  }
});

test('a rolling restart of every role: no client notices', { timeout: 600_000 }, async (context) => {
  const load = (await new Load(cluster, { pace: 200, strict: true }).prepare());
  let done = false;
  const asker = new Asker(load.errors, () => done);
  const [reader] = load.devices;
  const quiet = await Device.register(cluster, 'quiet');
  const quietChat = await quiet.createChat('', { ai: 'off' });
  const others = [asker.requests(reader), asker.requests(quiet), asker.newcomers(quiet, quietChat)];
  load.start();
  for (let round = 0; round < (long ? 4 : 1); round += 1) {
    for (const server of cluster.processes) {
      if (round === 0 && server === cluster.gateways[0]) await migrate();
      await server.stop();
      await server.start();
      await load.level(performance.now());
    }
  }
  done = true;
  await Promise.all(others);
  await load.stop();
  if (load.errors.length > 0) context.diagnostic(`the entrance complained: ${await cluster.entrance.complaints()}`);
  const { messages, recoveries } = await load.check();
  assert.ok(asker.answers > 100);
  load.close();
  quiet.close();
  report(context, { fault: 'F15', scenario: 'cluster: rolling restart of every role, a newer schema in the middle of it', messages, recoveries, mustMs: 5_000,
    note: `${messages + asker.answers} requests and new sockets: 0 errors` });
});
