// llama.cpp on loopback, over a model that is made on the spot: a server that neither we nor our tests have written.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const python = process.env.INTEROP_PYTHON ?? here('../../.tools/interop/bin/python');

export class LlamaServer {
  static key = 'sk-interop';

  /** `context`: how many tokens it takes, question and answer together. */
  static async start({ context = 32_768 } = {}) {
    const server = new LlamaServer();
    server.folder = await mkdtemp(path.join(tmpdir(), 'rubricon-llama-'));
    const model = path.join(server.folder, 'tiny.gguf');
    const made = spawnSync(python, [here('tiny_model.py'), model], { encoding: 'utf8' });
    if (made.status !== 0) throw new Error(`no model was made: ${made.error ?? made.stderr}`);
    server.child = spawn(python, [here('llama_server.py'), model, String(context), LlamaServer.key], { stdio: ['ignore', 'pipe', 'pipe'] });
    server.exited = once(server.child, 'exit');
    let said = '';
    server.child.stderr.on('data', (chunk) => (said += chunk));
    const address = once(createInterface({ input: server.child.stdout }), 'line');
    const ended = server.exited.then(() => Promise.reject(new Error(`llama.cpp ended:\n${said}`)));
    ended.catch(() => {});
    [server.url] = await Promise.race([address, ended]);
    return server;
  }

  /** For a server of ours that is to ask it. */
  env(key = LlamaServer.key) {
    return { RUBRICON_AI_URL: `${this.url}/v1`, RUBRICON_AI_MODEL: 'independent', RUBRICON_AI_ALLOW_PRIVATE: 'on', RUBRICON_AI_KEY: key };
  }

  /** kill -9, as when a machine goes. */
  async kill() {
    this.child.kill('SIGKILL');
    await this.exited;
  }

  async destroy() {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }
}
