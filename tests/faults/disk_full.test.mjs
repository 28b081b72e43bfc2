// F11: the disk is full for a while, of the data or of the log. Nothing is acknowledged that was not stored, the process lives,
// reading goes on, and writing goes on by itself when there is room again.
import assert from 'node:assert/strict';
import { closeSync, openSync } from 'node:fs';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Load, long } from '../support/fault_load.mjs';
import { report } from '../support/fault_report.mjs';
import { Server } from '../support/server.mjs';
import { smallDisk } from '../support/small_disk.mjs';

test('F11: a full disk is answered 503, and everything goes on when there is room', { timeout: 300_000 }, async (context) => {
  const disk = smallDisk();
  context.diagnostic(disk.kind);
  const server = await (await Server.create({ parent: disk.folder })).start();
  const load = (await new Load(server).prepare()).start();
  const [teacher] = load.devices;
  const [chatId] = load.chatIds;
  const statuses = [];
  for (let round = 0; round < (long ? 5 : 1); round += 1) {
    await wait(1_000);
    disk.fill(server);
    // The write-ahead log may still have room of its own; then it has not.
    const tried = [];
    for (let refused = 0; refused < 5; ) {
      const message = { device: teacher, chatId, clientId: `f${round}-${tried.length}`, content: 'x'.repeat(30_000), invoked: performance.now() };
      tried.push(message);
      const { status, headers } = await teacher.untilAllowed('POST', '/api/chat/messages', { chatId, content: message.content, clientId: message.clientId });
      statuses.push(status);
      if (status === 201) continue;
      assert.ok(status === 503 || status === 507, `answered ${status}`);
      assert.ok(headers.get('retry-after'), 'says when to come back');
      refused += 1;
    }
    assert.equal((await teacher.rest('GET', `/api/chat/${chatId}`)).status, 200, 'reading goes on');
    assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
    disk.free(server);
    const freed = performance.now();
    // Each key again: what was answered 201 is answered so once more, what was refused is stored now.
    for (const message of tried) {
      const stored = await teacher.postUntilStored(chatId, message.content, message.clientId);
      load.sent.push({ ...message, ...stored, answered: performance.now() });
    }
    await load.level(freed);
  }
  await load.stop();
  assert.ok(server.child.exitCode === null && server.child.signalCode === null, 'the process lives');
  const { messages, recoveries, anew } = await load.check({ anewAllowed: true }); // its messages are large: more than is replayed
  load.close();
  await server.destroy();
  disk.close();
  report(context, { fault: 'F11', scenario: `disk full (${disk.kind})`, messages, recoveries, mustMs: 5_000,
    note: `${statuses.filter((status) => status !== 201).length} writes refused, with Retry-After; told to read anew and did: ${anew}` });
});

test('F11: the disk of the log is full: what is served goes on, and so do kill -9 and start', { timeout: 120_000 }, async (context) => {
  const full = openSync('/dev/full', 'w'); // each write to it fails with ENOSPC
  const server = await (await Server.create({ stdout: full })).start();
  const load = (await new Load(server).prepare()).start();
  await load.level(performance.now());
  await server.kill();
  const dead = performance.now();
  load.recoveries = [];
  await server.start();
  await load.level(dead);
  await load.stop();
  const { messages, recoveries } = await load.check();
  assert.ok(server.child.exitCode === null && server.child.signalCode === null, 'the process lives');
  load.close();
  await server.destroy(); // a SIGTERM is obeyed, with status 0
  closeSync(full);
  report(context, { fault: 'F11', scenario: 'the log goes to /dev/full, kill -9 meanwhile', messages, recoveries, mustMs: 5_000 });
});
