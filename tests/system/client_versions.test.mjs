// Official clients from 4.0 to the newest against Rubricon itself: what a teacher does, by WebSocket and by polling, and
// over a connection that breaks. Only what the oldest can do is used.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { Device, storedEvents } from '../support/client.mjs';
import { clientOf2, versions } from '../support/client_versions.mjs';
import { Server } from '../support/server.mjs';


let server;
before(async () => (server = await (await Server.create()).start()));
after(() => server.destroy());

const asked = (socket, ...args) => new Promise((done) => socket.emit(...args, done));

/** Resolves when so many messages have come. */
function messages(socket, count) {
  const all = [];
  return new Promise((done) => socket.on('new-msg', (message) => all.push(message) === count && done(all)));
}

for (const [version, { io }] of Object.entries(versions)) {
  for (const transport of ['websocket', 'polling']) {
    test(`${version} by ${transport}: join, send, hear, break off, come back to what was missed`, { timeout: 60_000 }, async () => {
      const [ann, bob] = [await Device.register(server), await Device.register(server)];
      const chatId = await ann.createChat('versions', { ai: 'off' });
      await ann.rest('POST', `/api/chat/${chatId}/members`, { email: bob.account.email, role: 'editor' });
      const dial = (token) => io(server.url, { transports: [transport], forceNew: true, auth: { token, pid: null }, reconnectionDelay: 50 });
      const [socket, other] = [dial(ann.token), dial(bob.token)];
      await Promise.all([once(socket, 'connect'), once(other, 'connect')]);
      for (const each of [socket, other]) assert.equal((await asked(each, 'join-chat', { chatId, epoch: 1, after: 0 })).ok, true);

      const heard = Promise.all([messages(socket, 3), messages(other, 3)]);
      for (const content of ['one', '二', 'three']) assert.equal((await asked(socket, 'send-msg', { chatId, content })).ok, true);
      const { events, head } = await storedEvents(ann, chatId);
      const stored = events.filter((event) => event.type === 'message-created').map(({ seq, data }) => [seq, data.content]);
      assert.deepEqual(stored.map(([, content]) => content), ['one', '二', 'three']);
      for (const each of await heard) assert.deepEqual(each.map(({ seq, content }) => [seq, content]), stored);

      const back = once(socket, 'connect');
      socket.io.engine.close(); // what a line does that breaks
      await ann.post(chatId, 'while away');
      await back;
      const missed = messages(socket, 1);
      assert.equal((await asked(socket, 'join-chat', { chatId, epoch: 1, after: head })).ok, true);
      assert.deepEqual((await missed).map(({ seq, content }) => [seq, content]), [[head + 1, 'while away']]);

      const stranger = dial(`${bob.token}x`);
      const [error] = await once(stranger, 'connect_error');
      assert.equal(error.data.code, 'unauthenticated');
      for (const each of [socket, other, stranger]) each.disconnect();
    });
  }
}

for (const transport of ['websocket', 'polling']) {
  test(`2.x by ${transport} is refused and told so`, { timeout: 60_000 }, async () => {
    const socket = clientOf2(server.url, { transports: [transport], forceNew: true, reconnection: false });
    const [error] = await once(socket, 'connect_error');
    if (transport === 'polling') assert.equal(error.description, 400);
    else assert.match(error.description.message, /Unexpected server response: 400/);
    socket.close();
    const answer = await fetch(`${server.url}/socket.io/?EIO=3&transport=polling`);
    assert.deepEqual(await answer.json(), { code: 5, message: 'Unsupported protocol version' });
  });
}
