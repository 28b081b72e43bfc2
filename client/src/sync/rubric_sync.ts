/**
 * One chat's rubric: the server's version, and the edits on top that it does not have yet.
 *
 * Edits show at once, are written down, and go out together after a short rest, with the version
 * they are based on. If somebody else was faster, edits in different places are put together; edits
 * of the same place are both offered, and nothing is saved until one is chosen. Undo and redo put
 * earlier documents back as new versions.
 */
import type { Rubric, RubricVersion } from '../protocol/rubric.ts';
import type { Clock, Random } from '../platform/clock.ts';
import type { LocalDatabase } from '../platform/database.ts';
import type { Api } from './api.ts';
import { backoffMs } from './backoff.ts';
import { Observable } from './observable.ts';
import { codeOf, isStatus, isTransient, type ApiError } from './result.ts';
import { differences, merged } from './rubric_diff.ts';

export interface RubricView {
  /** What to show: the unsaved edits, or the server's document; null when there is none. */
  rubric: Rubric | null;
  /** The server's version, 0 when there is none. */
  version: number;
  saving: 'saved' | 'unsaved' | 'saving' | 'waiting' | 'refused';
  /** Why the server refused, with the fields it named. */
  refusal: { code: string; messages: string[] } | null;
  conflict: { mine: Rubric; theirs: RubricVersion } | null;
  /** Places that somebody else's last change touched (`placeKey`). */
  changed: ReadonlySet<string>;
  canUndo: boolean;
  canRedo: boolean;
}

interface Deps {
  api: Pick<Api, 'getRubric' | 'putRubric'>;
  database: LocalDatabase;
  clock: Clock;
  random: Random;
}

const restMs = 800;
const flashMs = 6000;
const historyMax = 50;
const nothing: ReadonlySet<string> = new Set();

export class RubricSync {
  readonly view: Observable<RubricView>;
  private readonly chatId: string;
  private readonly deps: Deps;
  private base: RubricVersion | null = null;
  private mine: Rubric | null = null;
  private past: Rubric[] = [];
  private future: Rubric[] = [];
  private inFlight = false;
  private sending: Promise<void> = Promise.resolve();
  private arrived: RubricVersion | null = null;
  private attempt = 0;
  private cancelSave: () => void = () => undefined;
  private cancelFlash: () => void = () => undefined;

  constructor(chatId: string, deps: Deps) {
    this.chatId = chatId;
    this.deps = deps;
    this.view = new Observable<RubricView>({
      rubric: null,
      version: 0,
      saving: 'saved',
      refusal: null,
      conflict: null,
      changed: nothing,
      canUndo: false,
      canRedo: false,
    });
  }

  /** Takes up an edit that the last visit could not save. Call after the first `serverHas`. */
  async restore(): Promise<void> {
    const draft = await this.deps.database.loadRubricDraft(this.chatId).catch(() => null);
    if (draft === null || this.mine !== null) return;
    this.mine = draft.rubric;
    const newest = this.base;
    if (newest !== null && newest.version > (draft.base?.version ?? 0)) {
      this.base = draft.base;
      this.conflictWith(newest);
    } else {
      this.saveSoon();
    }
  }

  close(): void {
    this.cancelSave();
    this.cancelFlash();
    void this.save();
  }

  /** The stream, the cache or a request told of this version. */
  serverHas(theirs: RubricVersion | null): void {
    if (theirs === null || theirs.version <= (this.base?.version ?? 0)) return;
    if (this.inFlight) {
      this.arrived = theirs;
      return;
    }
    if (this.mine !== null) return this.conflictWith(theirs);
    const old = this.base?.rubric;
    this.base = theirs;
    if (old !== undefined) {
      this.remember(old);
      this.flash(new Set(differences(old, theirs.rubric).map(({ key }) => key)));
    }
    this.show({});
  }

  edit(next: Rubric): void {
    const shown = this.shown();
    if (shown === null || next === shown || this.view.get().conflict !== null) return;
    this.remember(shown);
    this.future = [];
    this.change(next);
  }

  /** Begins a rubric in a chat that has none. */
  create(rubric: Rubric): void {
    if (this.shown() === null) this.change(rubric);
  }

  undo(): void {
    const [shown, last] = [this.shown(), this.past.at(-1)];
    if (shown === null || last === undefined || this.view.get().conflict !== null) return;
    this.past = this.past.slice(0, -1);
    this.future = [...this.future, shown];
    this.change(last);
  }

  redo(): void {
    const [shown, next] = [this.shown(), this.future.at(-1)];
    if (shown === null || next === undefined || this.view.get().conflict !== null) return;
    this.future = this.future.slice(0, -1);
    this.past = [...this.past, shown];
    this.change(next);
  }

  takeTheirs(): void {
    const { conflict } = this.view.get();
    if (conflict === null) return;
    this.remember(conflict.mine);
    this.base = conflict.theirs;
    this.settle();
    this.show({ conflict: null, saving: 'saved' });
  }

  keepMine(): void {
    const { conflict } = this.view.get();
    if (conflict === null) return;
    this.remember(conflict.theirs.rubric);
    this.base = conflict.theirs;
    this.show({ conflict: null, saving: 'unsaved' });
    void this.save();
  }

  /** Saves now what waits: the network is back. */
  kick(): void {
    if (this.mine !== null) void this.save();
  }

  /** Saves now what waits. Whether the server then has all that is shown. */
  async flush(): Promise<boolean> {
    await this.sending;
    await this.save();
    return this.mine === null;
  }

  private shown(): Rubric | null {
    return this.mine ?? this.base?.rubric ?? null;
  }

  private show(change: Partial<RubricView>): void {
    this.view.set({
      ...this.view.get(),
      rubric: this.shown(),
      version: this.base?.version ?? 0,
      canUndo: this.past.length > 0,
      canRedo: this.future.length > 0,
      ...change,
    });
  }

  private remember(rubric: Rubric): void {
    this.past = [...this.past, rubric].slice(-historyMax);
  }

  private change(next: Rubric): void {
    this.mine = next;
    const draft = { chatId: this.chatId, base: this.base, rubric: next };
    void this.deps.database.saveRubricDraft(draft).catch(() => undefined);
    this.show({ saving: 'unsaved', refusal: null });
    this.saveSoon();
  }

  private saveSoon(): void {
    this.show({ saving: 'unsaved' });
    this.cancelSave();
    this.cancelSave = this.deps.clock.after(restMs, () => void this.save());
  }

  private async save(): Promise<void> {
    const sent = this.mine;
    if (sent === null || this.inFlight || this.view.get().conflict !== null) return;
    this.cancelSave();
    this.sending = this.send(sent);
    await this.sending;
  }

  private async send(sent: Rubric): Promise<void> {
    this.inFlight = true;
    this.show({ saving: 'saving' });
    const answer = await this.deps.api.putRubric(this.chatId, this.base?.version ?? 0, sent);
    this.inFlight = false;
    if (answer.ok) this.saved(sent, answer.value);
    else await this.notSaved(answer.error);
    const { arrived } = this;
    this.arrived = null;
    this.serverHas(arrived);
  }

  private saved(sent: Rubric, stored: RubricVersion): void {
    this.attempt = 0;
    this.base = stored;
    if (this.mine === sent) {
      this.settle();
      this.show({ saving: 'saved' });
    } else {
      this.saveSoon();
    }
  }

  private async notSaved(error: ApiError): Promise<void> {
    if (isStatus(error, 412)) {
      const theirs = await this.deps.api.getRubric(this.chatId);
      if (theirs.ok && theirs.value !== null) {
        this.conflictWith(theirs.value);
        return;
      }
      this.saveLater();
      return;
    }
    if (isTransient(error)) {
      this.saveLater();
      return;
    }
    const messages =
      error.kind === 'refused' ? error.problem.errors.map(({ message }) => message) : [];
    this.show({ saving: 'refused', refusal: { code: codeOf(error), messages } });
  }

  private saveLater(): void {
    this.attempt += 1;
    this.show({ saving: 'waiting' });
    this.cancelSave();
    const delay = backoffMs(this.attempt, this.deps.random);
    this.cancelSave = this.deps.clock.after(delay, () => void this.save());
  }

  private conflictWith(theirs: RubricVersion): void {
    this.cancelSave();
    if (this.mine === null) return;
    if (differences(this.mine, theirs.rubric).length === 0) {
      this.base = theirs;
      this.settle();
      return this.show({ conflict: null, saving: 'saved' });
    }
    const base = this.base?.rubric;
    const both = base === undefined ? null : merged(base, this.mine, theirs.rubric);
    if (both !== null && base !== undefined) {
      this.flash(new Set(differences(base, theirs.rubric).map(({ key }) => key)));
      this.base = theirs;
      return this.change(both);
    }
    this.show({ conflict: { mine: this.mine, theirs }, saving: 'unsaved' });
  }

  /** Nothing is unsaved any more. */
  private settle(): void {
    this.mine = null;
    void this.deps.database.deleteRubricDraft(this.chatId).catch(() => undefined);
  }

  private flash(changed: ReadonlySet<string>): void {
    this.cancelFlash();
    this.show({ changed });
    this.cancelFlash = this.deps.clock.after(flashMs, () => this.show({ changed: nothing }));
  }
}
