// Every sentence that docs/teachers.md tells teachers to write does what it says.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Device } from '../support/client.mjs';
import { Server } from '../support/server.mjs';

const guide = readFileSync(new URL('../../docs/teachers.md', import.meta.url), 'utf8').replaceAll('\n', ' ');

/** The quoted sentences of the paragraph that begins with `title`. */
function quoted(title, quotes) {
  const paragraph = guide.slice(guide.indexOf(`**${title}**`)).split('  ')[0];
  return [...paragraph.matchAll(quotes)].map((match) => match[1].replace(/,$/, ''));
}

let server;
before(async () => (server = await (await Server.create()).start()));
after(() => server.destroy());

for (const [language, begin, goOn, quotes] of [
  ['Chinese', '開始。', '繼續談。', /「([^」]+)」/g],
  ['English', 'Begin.', 'Go on talking.', /“([^”]+)”/g],
]) {
  test(`the sentences of the guide, ${language}`, { timeout: 120_000 }, async () => {
    const [opening] = quoted(begin, quotes);
    const sentences = quoted(goOn, quotes);
    assert.ok(sentences.length >= 7, `${sentences.length} sentences found`);
    const teacher = await Device.register(server);
    await teacher.connect();
    for (const sentence of sentences) {
      const chatId = await teacher.createChat();
      await teacher.join(chatId);
      for (const [count, text] of [[2, opening], [4, '改成 3 個等級'], [6, sentence]]) {
        assert.equal((await teacher.untilAllowed('POST', '/api/chat/messages', { chatId, content: text })).status, 201);
        await teacher.until(() => teacher.messages(chatId).length === count);
      }
      const answer = teacher.messages(chatId).at(-1);
      assert.ok(['edited', 'answered'].includes(answer.meta.outcome), `${sentence}: ${answer.meta.outcome}: ${answer.content}`);
    }
    teacher.close();
  });
}
