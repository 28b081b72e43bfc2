import { beforeEach, describe, expect, it } from 'vitest';
import type { Rubric } from '../protocol/rubric.ts';
import { settle } from '../platform/mock_clock.ts';
import type { OpenChat } from './open_chat.ts';
import * as edits from './rubric_edit.ts';
import { sampleRubric } from './rubric_sample.ts';
import { TestBench } from './test_bench.ts';

describe('RubricSync', () => {
  let bench: TestBench;
  let opened: OpenChat;

  beforeEach(async () => {
    bench = new TestBench();
    bench.server.addChat('c').rubric = { version: 1, rubric: sampleRubric() };
    await bench.start();
    opened = await bench.open('c');
  });

  const view = () => opened.rubric.view.get();
  const mine = () => view().rubric ?? sampleRubric();
  const stored = () => bench.server.chat('c').rubric;
  const cell = (rubric: Rubric | undefined) => rubric?.criteria[0]?.cells[0]?.descriptor.en;
  const type = (text: string) =>
    opened.rubric.edit(edits.setDescriptor(mine(), 'a', 'l1', 'en', text));
  /** Somebody else, or the AI, stores a version. */
  const others = (rubric: Rubric, quiet = false) => {
    const version = (stored()?.version ?? 0) + 1;
    bench.server.chat('c').rubric = { version, rubric };
    const data = { version, by: 'AI', rubric };
    return bench.server.add('c', 'rubric-updated', data, { quiet });
  };

  it('shows an edit at once and saves several together', async () => {
    type('one');
    type('two');
    expect(cell(mine())).toBe('two');
    expect(view().saving).toBe('unsaved');
    await bench.clock.advance(1000);
    expect(stored()?.version).toBe(2);
    expect(cell(stored()?.rubric)).toBe('two');
    expect(view()).toMatchObject({ version: 2, saving: 'saved' });
    expect(bench.server.count('PUT /api/chat/c/rubric')).toBe(1);
  });

  it('saves at once when it is asked to, what was edited during a save included', async () => {
    type('one');
    opened.rubric.kick();
    type('two');
    expect(await opened.rubric.flush()).toBe(true);
    expect(cell(stored()?.rubric)).toBe('two');
    expect(view().saving).toBe('saved');
    expect(await opened.rubric.flush()).toBe(true);
    expect(bench.server.count('PUT /api/chat/c/rubric')).toBe(2);
  });

  it('says when it could not save', async () => {
    type('mine');
    bench.server.down = true;
    expect(await opened.rubric.flush()).toBe(false);
    bench.server.down = false;
    others(edits.setDescriptor(sampleRubric(), 'a', 'l1', 'en', 'theirs'), true);
    expect(await opened.rubric.flush()).toBe(false);
    expect(view().conflict).not.toBeNull();
  });

  it('takes over what the AI stores and marks the places', async () => {
    others(edits.setDescriptor(sampleRubric(), 'b', 'l2', 'en', 'from the AI'));
    await settle();
    expect(view().version).toBe(2);
    expect([...view().changed]).toEqual(['cell:b:l2']);
    await bench.clock.advance(7000);
    expect(view().changed.size).toBe(0);
  });

  it('puts edits of different cells together', async () => {
    type('mine');
    others(edits.setDescriptor(sampleRubric(), 'b', 'l2', 'en', 'theirs'));
    await bench.clock.advance(3000);
    expect(view()).toMatchObject({ conflict: null, saving: 'saved', version: 3 });
    expect(cell(stored()?.rubric)).toBe('mine');
    expect(stored()?.rubric.criteria[1]?.cells[1]?.descriptor.en).toBe('theirs');
  });

  it('offers both when the same cell was edited, and keeps mine when told to', async () => {
    type('mine');
    others(edits.setDescriptor(sampleRubric(), 'a', 'l1', 'en', 'theirs'), true);
    await bench.clock.advance(1000);
    expect(view().conflict?.theirs.version).toBe(2);
    expect(cell(stored()?.rubric)).toBe('theirs');
    opened.rubric.keepMine();
    await settle();
    expect(cell(stored()?.rubric)).toBe('mine');
    expect(view()).toMatchObject({ conflict: null, version: 3, saving: 'saved' });
  });

  it('takes theirs when told to, and mine is one undo away', async () => {
    type('mine');
    others(edits.setDescriptor(sampleRubric(), 'a', 'l1', 'en', 'theirs'));
    await bench.clock.advance(1000);
    opened.rubric.takeTheirs();
    expect(cell(mine())).toBe('theirs');
    opened.rubric.undo();
    await bench.clock.advance(1000);
    expect(cell(stored()?.rubric)).toBe('mine');
  });

  it('undoes and redoes by storing earlier documents, the AI’s changes included', async () => {
    others(edits.setDescriptor(sampleRubric(), 'a', 'l1', 'en', 'by the AI'));
    await settle();
    opened.rubric.undo();
    await bench.clock.advance(1000);
    expect(cell(stored()?.rubric)).toBe('a l1');
    opened.rubric.redo();
    await bench.clock.advance(1000);
    expect(cell(stored()?.rubric)).toBe('by the AI');
    expect(stored()?.version).toBe(4);
  });

  it('keeps an edit over a reload without network and saves it afterwards', async () => {
    bench.server.down = true;
    bench.server.socket.disconnect();
    type('kept');
    await bench.clock.advance(2000);
    expect(view().saving).toBe('waiting');
    bench.workspace.close();
    bench.server.down = false;
    const reload = await new TestBench(bench.server, bench.database).start();
    await reload.open('c');
    await reload.clock.advance(2000);
    expect(cell(stored()?.rubric)).toBe('kept');
    expect(await bench.database.loadRubricDraft('c')).toBeNull();
  });

  it('does not overwrite what others stored while the page was away', async () => {
    bench.server.down = true;
    type('mine');
    await bench.clock.advance(2000);
    bench.workspace.close();
    bench.server.down = false;
    others(edits.setDescriptor(sampleRubric(), 'a', 'l1', 'en', 'theirs'), true);
    const reload = await new TestBench(bench.server, bench.database).start();
    opened = await reload.open('c');
    await reload.clock.advance(5000);
    expect(cell(stored()?.rubric)).toBe('theirs');
    expect(view().conflict).not.toBeNull();
  });

  it('says why the server refused and keeps the edit', async () => {
    const errors = [{ field: 'criteria[0].name', code: 'empty', message: 'must not be empty' }];
    const body = { code: 'invalid_rubric', errors };
    bench.server.planned.push({ match: 'PUT /api/chat/c/rubric', status: 422, body });
    type('bad');
    await bench.clock.advance(1000);
    expect(view().saving).toBe('refused');
    expect(view().refusal).toEqual({ code: 'invalid_rubric', messages: ['must not be empty'] });
    type('better');
    await bench.clock.advance(1000);
    expect(cell(stored()?.rubric)).toBe('better');
    expect(view().refusal).toBeNull();
  });

  it('begins a rubric where there is none', async () => {
    bench.server.addChat('d');
    opened = await bench.open('d');
    expect(view().rubric).toBeNull();
    opened.rubric.create(sampleRubric());
    await bench.clock.advance(1000);
    expect(bench.server.chat('d').rubric?.version).toBe(1);
  });
});
