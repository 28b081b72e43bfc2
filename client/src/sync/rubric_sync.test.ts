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
  const others = (rubric: Rubric, quiet = false, answered = 0) =>
    bench.server.store('c', rubric, answered, 'AI', { quiet });

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
    opened.rubric.resolve(new Set(['cell:a:l1']));
    await settle();
    expect(cell(stored()?.rubric)).toBe('mine');
    expect(view()).toMatchObject({ conflict: null, version: 3, saving: 'saved' });
  });

  it('takes theirs when told to, and mine is one undo away', async () => {
    type('mine');
    others(edits.setDescriptor(sampleRubric(), 'a', 'l1', 'en', 'theirs'));
    await bench.clock.advance(1000);
    opened.rubric.resolve(new Set());
    expect(cell(mine())).toBe('theirs');
    await opened.rubric.undo();
    await bench.clock.advance(1000);
    expect(cell(stored()?.rubric)).toBe('mine');
  });

  it('undoes and redoes by storing earlier documents, the AI’s changes included', async () => {
    others(edits.setDescriptor(sampleRubric(), 'a', 'l1', 'en', 'by the AI'));
    await settle();
    await opened.rubric.undo();
    await bench.clock.advance(1000);
    expect(cell(stored()?.rubric)).toBe('a l1');
    await opened.rubric.redo();
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

  it('keeps what does not meet whatever is chosen where edits meet', async () => {
    type('mine');
    opened.rubric.edit(edits.setDescriptor(mine(), 'b', 'l1', 'en', 'mine, alone'));
    let theirs = edits.setDescriptor(sampleRubric(), 'a', 'l1', 'en', 'theirs');
    theirs = edits.setDescriptor(theirs, 'b', 'l2', 'en', 'theirs, alone');
    others(theirs, true);
    await bench.clock.advance(1000);
    expect(view().conflict?.places).toEqual([
      { key: 'cell:a:l1', criterionId: 'a', levelId: 'l1', before: 'mine', after: 'theirs' },
    ]);
    opened.rubric.resolve(new Set());
    await bench.clock.advance(1000);
    expect(cell(stored()?.rubric)).toBe('theirs');
    const row = stored()?.rubric.criteria[1]?.cells.map(({ descriptor }) => descriptor.en);
    expect(row).toEqual(['mine, alone', 'theirs, alone']);
    expect(view()).toMatchObject({ conflict: null, saving: 'saved' });
  });

  it('undoes and redoes after a reload what was stored before', async () => {
    type('one');
    await bench.clock.advance(1000);
    type('two');
    await bench.clock.advance(1000);
    await opened.rubric.undo();
    await bench.clock.advance(1000);
    bench.workspace.close();
    const reload = await new TestBench(bench.server, bench.database).start();
    opened = await reload.open('c');
    expect(view()).toMatchObject({ canUndo: true, canRedo: true });
    await opened.rubric.redo();
    await reload.clock.advance(1000);
    expect(cell(stored()?.rubric)).toBe('two');
    await opened.rubric.undo();
    await opened.rubric.undo();
    await reload.clock.advance(1000);
    expect(cell(stored()?.rubric)).toBe('a l1');
    expect(view()).toMatchObject({ canUndo: false, canRedo: true });
  });

  describe('with a proposal', () => {
    const proposed = () =>
      edits.setDescriptor(
        edits.setDescriptor(sampleRubric(), 'a', 'l1', 'en', 'by the AI'),
        'b',
        'l2',
        'en',
        'also by the AI',
      );
    let seq = 0;
    const propose = async () => {
      const proposal = { version: stored()?.version ?? 0, typed: 1, rubric: proposed() };
      const meta = { source: 'm', outcome: 'proposed', proposal };
      seq = bench.server.say('c', 'I propose', { role: 'AI', replyTo: 1, meta }).seq;
      await settle();
    };
    const keys = () => view().proposal?.changes.map(({ key }) => key);

    it('changes nothing until it is answered, and shows what it would change', async () => {
      await propose();
      expect(cell(mine())).toBe('a l1');
      expect(keys()).toEqual(['cell:a:l1', 'cell:b:l2']);
      expect(stored()?.version).toBe(1);
    });

    it('takes the places that were accepted and is closed, here and after a reload', async () => {
      await propose();
      expect(await opened.rubric.answer(new Set(['cell:b:l2']))).toBe('done');
      expect(view().proposal).toBeNull();
      expect(stored()).toMatchObject({ version: 2, answered: seq });
      expect(cell(stored()?.rubric)).toBe('a l1');
      expect(stored()?.rubric.criteria[1]?.cells[1]?.descriptor.en).toBe('also by the AI');
      await opened.rubric.undo();
      await bench.clock.advance(1000);
      expect(stored()?.rubric.criteria[1]?.cells[1]?.descriptor.en).toBe('b l2');
      bench.workspace.close();
      const reload = await new TestBench(bench.server, bench.database).start();
      opened = await reload.open('c');
      expect(view().proposal).toBeNull();
    });

    it('is open after a reload while nobody has answered', async () => {
      await propose();
      bench.workspace.close();
      const reload = await new TestBench(bench.server, bench.database).start();
      opened = await reload.open('c');
      expect(keys()).toEqual(['cell:a:l1', 'cell:b:l2']);
    });

    it('is refused by an answer that accepts nothing', async () => {
      await propose();
      expect(await opened.rubric.answer(new Set())).toBe('done');
      expect(stored()).toMatchObject({ version: 2, answered: seq, rubric: sampleRubric() });
    });

    it('is answered once: who comes second changes nothing', async () => {
      await propose();
      others(sampleRubric(), true, seq);
      expect(await opened.rubric.answer(new Set(['cell:a:l1']))).toBe('elsewhere');
      expect(stored()?.version).toBe(2);
      expect(cell(stored()?.rubric)).toBe('a l1');
      expect(view().proposal).toBeNull();
    });

    it('is put together with what others stored meanwhile, and asked for again', async () => {
      await propose();
      others(edits.setDescriptor(sampleRubric(), 'b', 'l1', 'en', 'a colleague'), true);
      expect(await opened.rubric.answer(new Set(['cell:a:l1']))).toBe('done');
      expect(cell(stored()?.rubric)).toBe('by the AI');
      expect(stored()?.rubric.criteria[1]?.cells[0]?.descriptor.en).toBe('a colleague');
    });

    it('goes with unsaved edits, and stays open without network', async () => {
      type('typed');
      await propose();
      bench.server.down = true;
      expect(await opened.rubric.answer(new Set(['cell:b:l2']))).toBe('failed');
      expect(view().proposal?.seq).toBe(seq);
      bench.server.down = false;
      expect(await opened.rubric.answer(new Set(['cell:b:l2']))).toBe('done');
      await bench.clock.advance(2000);
      expect(cell(stored()?.rubric)).toBe('typed');
      expect(stored()?.rubric.criteria[1]?.cells[1]?.descriptor.en).toBe('also by the AI');
      expect(view().saving).toBe('saved');
    });

    it('keeps what is typed while the answer is on its way', async () => {
      await propose();
      const answered = opened.rubric.answer(new Set(['cell:b:l2']));
      type('typed meanwhile');
      expect(await answered).toBe('done');
      await bench.clock.advance(2000);
      expect(cell(stored()?.rubric)).toBe('typed meanwhile');
      expect(stored()?.rubric.criteria[1]?.cells[1]?.descriptor.en).toBe('also by the AI');
    });

    it('waits for a save on its way, and is waited for by who wants the stored table', async () => {
      await propose();
      type('typed');
      opened.rubric.kick();
      const answered = opened.rubric.answer(new Set(['cell:b:l2']));
      await settle();
      expect(await opened.rubric.flush()).toBe(true);
      expect(stored()?.rubric.criteria[1]?.cells[1]?.descriptor.en).toBe('also by the AI');
      expect(cell(stored()?.rubric)).toBe('typed');
      expect(await answered).toBe('done');
    });

    it('is not refused because a colleague moved the rows that it was to change', async () => {
      const proposal = {
        version: 1,
        typed: 1,
        rubric: edits.addCriterion(sampleRubric(), 'c', { en: 'c' }),
      };
      const meta = { source: 'm', outcome: 'proposed', proposal };
      seq = bench.server.say('c', 'One more row', { role: 'AI', replyTo: 1, meta }).seq;
      await settle();
      const all = new Set(keys());
      others(edits.addCriterion(sampleRubric(), 'd', { en: 'd' }), true);
      expect(await opened.rubric.answer(all)).toBe('failed');
      expect(stored()).toMatchObject({ version: 2 });
      expect(stored()?.answered ?? 0).toBe(0);
    });

    it('is shown once what it would change can be read', async () => {
      others(edits.setDescriptor(sampleRubric(), 'b', 'l1', 'en', 'newer'));
      await settle();
      const proposal = { version: 1, typed: 1, rubric: proposed() };
      const meta = { source: 'm', outcome: 'proposed', proposal };
      bench.server.down = true;
      bench.server.say('c', 'I propose', { role: 'AI', replyTo: 1, meta });
      await settle();
      expect(view().proposal).toBeNull();
      bench.server.down = false;
      bench.server.say('c', 'anything else', { userId: 'me' });
      await settle();
      expect(keys()).toEqual(['cell:a:l1', 'cell:b:l2']);
    });
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
