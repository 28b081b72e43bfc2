// An OpenAI-compatible server on loopback that answers, or misbehaves, exactly as a test tells it.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

/**
 * `requests`: the bodies that came, with the headers in `headers`; `firstWords`: when the first piece of each answer was
 * written (performance.now()), by the text of its question. `waitAfter`: [so many characters, until this is true].
 */
export class ScriptedModel {
  static async start({ name = 'scripted' } = {}) {
    const model = new ScriptedModel();
    Object.assign(model, { name, requests: [], headers: [], mode: 'answer', text: '好的，這是一個回答。', pieceMs: 5, rubric: null, waitAfter: null, open: new Set(), firstWords: new Map() });
    model.server = createServer((request, response) => model.#serve(request, response));
    await model.listen();
    return model;
  }

  async listen(port = this.port ?? 0) {
    this.server.listen(port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = this.server.address().port;
  }

  get url() {
    return `http://127.0.0.1:${this.port}/v1`;
  }

  /** For a server that is to ask it. */
  get env() {
    return { RUBRICON_AI_URL: this.url, RUBRICON_AI_MODEL: this.name, RUBRICON_AI_ALLOW_PRIVATE: 'on' };
  }

  async #serve(request, response) {
    let body = '';
    for await (const chunk of request) body += chunk;
    const asked = JSON.parse(body);
    this.requests.push(asked);
    this.headers.push(request.headers);
    this.open.add(response);
    response.on('close', () => this.open.delete(response));
    if (this.mode === 'fail') return response.writeHead(500).end('{"error":{"message":"out of order"}}');
    if (this.mode === 'throttle') return response.writeHead(429, { 'retry-after': '1' }).end('{}');
    if (this.mode === 'silent') return undefined;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const chunk = (delta, finish = null) => response.write(`data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', model: this.name, choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`);
    chunk({ role: 'assistant', content: '' });
    const characters = [...this.text];
    this.firstWords.set(asked.messages.at(-1).content, performance.now());
    for (const [n, character] of characters.entries()) {
      if (response.destroyed) return undefined;
      if (this.mode === 'cut' && n > characters.length / 2) return response.destroy();
      chunk({ content: character });
      const [after, until] = this.waitAfter ?? [];
      while (n + 1 === after && !until() && !response.destroyed) await wait(5);
      if (this.pieceMs > 0) await wait(this.pieceMs);
    }
    if (this.rubric) {
      const call = { index: 0, id: 'call_1', type: 'function', function: { name: 'set_rubric', arguments: JSON.stringify({ rubric: this.rubric }) } };
      chunk({ tool_calls: [call] });
    }
    chunk({}, this.rubric ? 'tool_calls' : 'stop');
    response.write(`data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', model: this.name, choices: [], usage: { prompt_tokens: 10, completion_tokens: 20, total_tokens: 30 } })}\n\n`);
    return response.end('data: [DONE]\n\n');
  }

  /** Nobody listens any more, and what was being answered ends. */
  async stop() {
    this.server.close();
    this.server.closeAllConnections();
    if (this.server.listening) await once(this.server, 'close');
  }
}
