// The system before this one: a socket process, a REST process, PostgreSQL.
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Service } from '../../tests/support/cluster.mjs';
import { freePort } from '../../tests/support/server.mjs';
import { here, pin, startServer } from '../process.mjs';

const key = 'a static key, as it was';

export const oldSystem = {
  name: 'the old system (Node)',
  async start() {
    const folder = await mkdtemp(path.join(tmpdir(), 'bench-old-'));
    const postgres = await new Service('postgres', folder).start();
    const postmaster = Number((await readFile(path.join(postgres.folder, 'pid'), 'utf8')).split('\n')[0]);
    pin(postmaster);
    const [apiPort, port] = [await freePort(), await freePort()];
    const api = await startServer(process.execPath, [path.join(here, 'node/old_api.mjs'), String(apiPort)], { DATABASE_URL: postgres.url, API_KEY: key });
    const sockets = await startServer(process.execPath, [path.join(here, 'node/old_sockets.mjs'), String(port)], { API_URL: `http://127.0.0.1:${apiPort}`, API_KEY: key });
    return {
      protocol: 'node', port, apiPort, folder,
      servers: { sockets: sockets.pid, api: api.pid, PostgreSQL: postmaster },

      /** As many people, each with one chat of so many messages. A file as `bench_load senders --people` reads it. */
      async people(count, messages = 0) {
        const people = Array.from({ length: count }, () => ({ user: randomUUID(), chat: randomUUID() }));
        await fill(postgres, people.map(({ user }) => user), people, messages);
        const file = path.join(folder, 'people');
        await writeFile(file, people.map(({ user, chat }) => `- ${chat} ${user} 0\n`).join(''));
        return file;
      },

      /** One person with so many chats of so many messages each. */
      async library(chats, messages) {
        const user = randomUUID();
        const all = Array.from({ length: chats }, () => ({ user, chat: randomUUID() }));
        await fill(postgres, [user], all, messages);
        return { user, chats: all.map(({ chat }) => chat) };
      },

      async stop() {
        await sockets.stop();
        await api.stop();
        await postgres.stop();
        await rm(folder, { recursive: true, force: true });
      },
    };
  },
};

async function fill(postgres, users, chats, messages) {
  const list = (values) => values.join(',');
  await postgres.ask(`INSERT INTO "User" ("id", "email") VALUES ${list(users.map((user) => `('${user}', '${user}@school.example')`))};
    INSERT INTO "Chat" ("id", "title", "userId") VALUES ${list(chats.map(({ chat, user }) => `('${chat}', '八年級議論文評分規準', '${user}')`))};
    INSERT INTO "Msg" ("id", "chatId", "role", "content") SELECT gen_random_uuid()::text, "id", 'USER', '請為八年級的議論文設計評分規準，第 ' || n || ' 點'
      FROM "Chat", generate_series(1, ${messages}) n; ANALYZE`);
}
