/**
 * One chat's rubric: the server's version, and the edits on top that it does not have yet.
 *
 * Edits show at once, are written down, and go out together after a short rest, with the version
 * they are based on. If somebody else was faster, edits in different places are put together; where
 * edits meet, both are offered, and nothing is saved until one is chosen. Undo and redo put earlier
 * documents back as new versions, and are known from the versions after a reload. A proposal of the
 * AI changes nothing until a person has answered it; each is answered once.
 */
import type { Rubric, RubricVersion, VersionPage } from '../protocol/rubric.ts';
import type { Clock, Random } from '../platform/clock.ts';
import type { LocalDatabase } from '../platform/database.ts';
import type { Api } from './api.ts';
import { backoffMs } from './backoff.ts';
import { Observable } from './observable.ts';
import { codeOf, isStatus, isTransient, type ApiError, type Result } from './result.ts';
import { differences, merge, withPlaces, type Difference } from './rubric_diff.ts';
import { RubricHistory, type Step } from './rubric_history.ts';
import { accepted, viewOf, type OpenProposal, type ProposalView } from './rubric_proposal.ts';

/** My edits and somebody else's meet in the same places. */
export interface Conflict {
  mine: Rubric;
  theirs: RubricVersion;
  /** Where they meet, mine before theirs. */
  places: readonly Difference[];
  /** All other edits of both, with theirs in these places; null where only a whole can be chosen. */
  settled: Rubric | null;
}

export interface RubricView {
  /** What to show: the unsaved edits, or the server's document; null when there is none. */
  rubric: Rubric | null;
  /** The server's version, 0 when there is none. */
  version: number;
  saving: 'saved' | 'unsaved' | 'saving' | 'waiting' | 'refused';
  /** Why the server refused, with the fields it named. */
  refusal: { code: string; messages: string[] } | null;
  conflict: Conflict | null;
  /** What the AI would change, and nobody has answered yet. */
  proposal: ProposalView | null;
  /** Places that somebody else's last change touched (`placeKey`). */
  changed: ReadonlySet<string>;
  canUndo: boolean;
  canRedo: boolean;
}

interface Deps {
  api: Pick<Api, 'getRubric' | 'putRubric' | 'listVersions' | 'getVersion'>;
  database: LocalDatabase;
  clock: Clock;
  random: Random;
}

const restMs = 800;
const flashMs = 6000;
const versionsPage = 20;
const answerTriesMax = 3;
const nothing: ReadonlySet<string> = new Set();

export class RubricSync {
  readonly view: Observable<RubricView>;
  private readonly chatId: string;
  private readonly deps: Deps;
  private base: RubricVersion | null = null;
  private mine: Rubric | null = null;
  private readonly history = new RubricHistory();
  private proposal: (OpenProposal & { base: Rubric | null }) | null = null;
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
      proposal: null,
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

  /** Learns from the server what undo goes back to. */
  async loadHistory(): Promise<void> {
    const version = this.base?.version ?? 0;
    if (version <= 1) return;
    const page = await this.deps.api.listVersions(this.chatId, versionsPage, version + 1);
    if (!page.ok || this.base?.version !== version) return;
    this.history.learn(page.value.versions);
    this.show({});
  }

  /** A page of the versions, newest first. */
  versions(before?: number): Promise<Result<VersionPage>> {
    return this.deps.api.listVersions(this.chatId, versionsPage, before);
  }

  version(version: number): Promise<Result<RubricVersion>> {
    return this.deps.api.getVersion(this.chatId, version);
  }

  /** The chat's open proposal, or that there is none. */
  proposed(open: OpenProposal | null): void {
    // Without what it was made of it is asked for again.
    if (open?.seq === this.proposal?.seq && this.proposal?.base !== null) return;
    const base = this.base?.version === open?.version ? (this.base?.rubric ?? null) : null;
    this.proposal = open === null ? null : { ...open, base };
    if (open !== null && base === null) void this.loadProposalBase(open);
    this.show({});
  }

  /**
   * Answers the open proposal: what `keys` names is accepted, the rest is not. `elsewhere`: somebody
   * else has answered it. After `failed` it is open as before.
   */
  async answer(keys: ReadonlySet<string>): Promise<'done' | 'elsewhere' | 'failed'> {
    const seq = this.proposal?.seq ?? 0;
    await this.sending;
    for (let tries = 0; tries < answerTriesMax; tries++) {
      const { proposal, conflict } = this.view.get();
      const shown = this.shown();
      if (this.inFlight || conflict !== null || shown === null) return 'failed';
      if (proposal?.seq !== seq) return 'elsewhere';
      const document = accepted(proposal, shown, keys);
      if (document === null) return 'failed';
      const stored = await this.putAnswer(seq, shown, document);
      if (stored.ok) return 'done';
      if (!isStatus(stored.error, 412) && !isStatus(stored.error, 409)) return 'failed';
      const theirs = await this.deps.api.getRubric(this.chatId);
      if (!theirs.ok || theirs.value === null) return 'failed';
      this.serverHas(theirs.value);
      if ((theirs.value.answered ?? 0) >= seq) return 'elsewhere';
    }
    return 'failed';
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
    const changed = old === undefined ? [] : differences(old, theirs.rubric);
    if (old !== undefined && changed.length > 0) {
      this.remember(old);
      this.flash(new Set(changed.map(({ key }) => key)));
    }
    this.show({});
  }

  edit(next: Rubric): void {
    const shown = this.shown();
    if (shown === null || next === shown || this.view.get().conflict !== null) return;
    this.remember(shown);
    this.change(next);
  }

  /** Begins a rubric in a chat that has none. */
  create(rubric: Rubric): void {
    if (this.shown() === null) this.change(rubric);
  }

  async undo(): Promise<void> {
    const step = this.history.back();
    const found = await this.reach(step);
    if (found === null || step !== this.history.back()) return;
    this.history.goBack(found.shown);
    this.change(found.document);
  }

  async redo(): Promise<void> {
    const step = this.history.forward();
    const found = await this.reach(step);
    if (found === null || step !== this.history.forward()) return;
    this.history.goForward(found.shown);
    this.change(found.document);
  }

  /**
   * Ends a conflict: mine in the places that `keys` names, theirs in the other ones, and all edits
   * that do not meet. Where only a whole can be chosen, any key means mine.
   */
  resolve(keys: ReadonlySet<string>): void {
    const { conflict } = this.view.get();
    if (conflict === null) return;
    const { mine, theirs, settled } = conflict;
    const whole = keys.size > 0 ? mine : theirs.rubric;
    const chosen = settled === null ? whole : withPlaces(settled, mine, keys);
    this.remember(keys.size > 0 ? theirs.rubric : mine);
    this.base = theirs;
    this.show({ conflict: null });
    if (differences(chosen, theirs.rubric).length === 0) {
      this.settle();
      return this.show({ saving: 'saved' });
    }
    this.change(chosen);
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

  /** The document of a step beside what is shown; null where there is no way to it now. */
  private async reach(step: Step | undefined): Promise<{ shown: Rubric; document: Rubric } | null> {
    const shown = this.shown();
    if (shown === null || step === undefined || this.view.get().conflict !== null) return null;
    if ('rubric' in step) return { shown, document: step.rubric };
    const stored = await this.version(step.version);
    const same = this.shown() === shown && this.view.get().conflict === null;
    return stored.ok && same ? { shown, document: stored.value.rubric } : null;
  }

  private async loadProposalBase(open: OpenProposal): Promise<void> {
    const stored = await this.version(open.version);
    if (!stored.ok || this.proposal?.seq !== open.seq) return;
    this.proposal = { ...this.proposal, base: stored.value.rubric };
    this.show({});
  }

  /** Stores an answer; what is typed meanwhile is put together with it, as with anybody's edit. */
  private putAnswer(seq: number, shown: Rubric, document: Rubric): Promise<Result<RubricVersion>> {
    const sent = this.sendAnswer(seq, shown, document);
    this.sending = sent.then(() => undefined);
    return sent;
  }

  private async sendAnswer(
    seq: number,
    shown: Rubric,
    document: Rubric,
  ): Promise<Result<RubricVersion>> {
    this.cancelSave();
    this.inFlight = true;
    this.show({ saving: 'saving' });
    const unsaved = this.mine;
    const version = this.base?.version ?? 0;
    const stored = await this.deps.api.putRubric(this.chatId, version, document, seq);
    this.inFlight = false;
    if (stored.ok) {
      if (this.mine === unsaved) this.settle();
      this.base = { version, rubric: shown };
      this.show({ saving: 'saved' });
      this.serverHas(stored.value);
    } else if (this.mine === null) {
      this.show({ saving: 'saved' });
    } else {
      this.saveSoon();
    }
    this.takeArrived();
    return stored;
  }

  /** What the open proposal would change of what is shown. */
  private proposalView(): ProposalView | null {
    const [shown, open] = [this.shown(), this.proposal];
    if (shown === null || open?.base == null) return null;
    if (open.seq <= (this.base?.answered ?? 0)) return null;
    return viewOf(open, open.base, shown);
  }

  private shown(): Rubric | null {
    return this.mine ?? this.base?.rubric ?? null;
  }

  private show(change: Partial<RubricView>): void {
    this.view.set({
      ...this.view.get(),
      rubric: this.shown(),
      version: this.base?.version ?? 0,
      canUndo: this.history.back() !== undefined,
      canRedo: this.history.forward() !== undefined,
      proposal: this.proposalView(),
      ...change,
    });
  }

  private remember(rubric: Rubric): void {
    this.history.remember(rubric);
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
    this.takeArrived();
  }

  /** What came while a version was on its way. */
  private takeArrived(): void {
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
      if (!theirs.ok || theirs.value === null) {
        this.saveLater();
        return;
      }
      // The stream may have brought it, or a newer one, while it was asked for.
      if (theirs.value.version > (this.base?.version ?? 0)) this.conflictWith(theirs.value);
      else if (this.mine !== null) this.saveSoon();
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
    const both = base === undefined ? null : merge(base, this.mine, theirs.rubric);
    if (both !== null && base !== undefined && both.conflicts.size === 0) {
      this.flash(new Set(differences(base, theirs.rubric).map(({ key }) => key)));
      this.base = theirs;
      this.show({ conflict: null });
      return this.change(both.rubric);
    }
    const places = differences(this.mine, theirs.rubric);
    const meeting = both === null ? places : places.filter(({ key }) => both.conflicts.has(key));
    const settled = both?.rubric ?? null;
    const conflict = { mine: this.mine, theirs, places: meeting, settled };
    this.show({ conflict, saving: 'unsaved' });
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
