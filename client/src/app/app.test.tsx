// @vitest-environment happy-dom
/** The whole page over a server in memory: what a teacher does, without a browser. */
import { act, cleanup, configure, render, screen, waitFor } from '@testing-library/react';
import type { DetachedWindowAPI } from 'happy-dom';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryDatabase } from '../platform/memory_database.ts';
import { MockClock, MockRandom } from '../platform/mock_clock.ts';
import { FakeEnvironment, FakeServer } from '../sync/fake_server.ts';
import { sampleRubric } from '../sync/rubric_sample.ts';
import { StoresProvider } from '../ui/stores.tsx';
import { App } from './app.tsx';
import { composePage, type Page } from './compose.ts';

// A busy machine may be slow; only what never comes should fail.
configure({ asyncUtilTimeout: 8000 });

describe('the page', () => {
  const user = userEvent.setup();
  let server: FakeServer;
  let clock: MockClock;
  let databases: Map<string, MemoryDatabase>;
  let path: string;
  let page: Page;

  beforeEach(() => {
    server = new FakeServer();
    clock = new MockClock();
    databases = new Map();
    path = '/';
    // Wide enough for the list to be there always.
    const { happyDOM } = window as unknown as { happyDOM: DetachedWindowAPI };
    happyDOM.setViewport({ width: 1440 });
  });
  afterEach(cleanup);

  const open = () => {
    page = composePage({
      http: server,
      socket: () => server.socket,
      clock,
      random: new MockRandom(),
      environment: new FakeEnvironment(),
      navigation: {
        path: () => path,
        go: (next) => (path = next),
        onPop: () => undefined,
      },
      openDatabase: (userId) => {
        const database = databases.get(userId) ?? new MemoryDatabase();
        databases.set(userId, database);
        return Promise.resolve(database);
      },
      deleteDatabase: (userId) => Promise.resolve(void databases.delete(userId)),
    });
    page.start();
    render(
      <StoresProvider stores={page.stores}>
        <App />
      </StoresProvider>,
    );
  };
  const messages = () => screen.getAllByTestId('message').map((message) => message.dataset);
  const advance = (ms: number) => act(() => clock.advance(ms));

  it('leads from the entrance to the first message', async () => {
    server.cookie = false;
    open();
    await user.type(await screen.findByTestId('login-email'), 'me@example.org');
    await user.type(screen.getByTestId('login-password'), 'correct horse');
    await user.click(screen.getByTestId('login-submit'));
    await user.type(await screen.findByTestId('composer'), 'A rubric, please');
    await user.click(screen.getByTestId('send'));
    await waitFor(() => expect(path).toBe('/grading/chat-1'));
    await waitFor(() => expect(messages()).toMatchObject([{ role: 'USER', seq: '2' }]));
    expect(server.messages('chat-1').map(({ content }) => content)).toEqual(['A rubric, please']);
  });

  it('says that there is no page at an address, and leads back', async () => {
    path = '/gradings/c';
    open();
    await screen.findByText('There is no page at this address.');
    await user.click(screen.getByText('Back to the start'));
    await screen.findByTestId('composer');
    expect(path).toBe('/');
  });

  it('says in words why a sign-in failed', async () => {
    server.cookie = false;
    const body = { code: 'invalid_credentials' };
    server.planned.push({ match: 'POST /api/auth/login', status: 401, body });
    open();
    await user.type(await screen.findByTestId('login-email'), 'me@example.org');
    await user.type(screen.getByTestId('login-password'), 'wrong');
    await user.click(screen.getByTestId('login-submit'));
    await screen.findByText('The e-mail or the password is wrong.');
  });

  it('streams an answer, puts the stored one in its place and offers its choices', async () => {
    path = '/grading/c';
    server.addChat('c', 'Essay');
    server.say('c', 'hello', { userId: 'me' });
    open();
    await waitFor(() => expect(messages()).toHaveLength(1));
    const delta = { chatId: 'c', jobId: 'j', replyTo: 2, attempt: 1, off: 0, text: 'For **whom**' };
    act(() => server.socket.receive('ai-delta', delta));
    expect(messages()[1]).toMatchObject({ role: 'AI', state: 'streaming' });
    const choices = [{ label: 'Grade 8', text: 'For grade 8' }];
    const meta = { source: 'rules', degraded: false, outcome: 'asked', choices };
    server.say('c', 'For **whom**?', { role: 'AI', userId: undefined, replyTo: 2, meta });
    await waitFor(() => expect(messages()[1]).toMatchObject({ state: 'stored', seq: '3' }));
    expect(messages()).toHaveLength(2);
    screen.getByText('rule-based');
    await user.click(screen.getByText('Grade 8'));
    await waitFor(() => expect(server.messages('c').at(-1)?.content).toBe('For grade 8'));
  });

  it('marks the older one of two answers to one question', async () => {
    path = '/grading/c';
    server.addChat('c');
    server.say('c', 'hello', { userId: 'me' });
    const answer = (text: string, replyTo: number) =>
      server.say('c', text, { role: 'AI', userId: undefined, replyTo, meta: { source: 'rules' } });
    answer('makeshift', 2);
    open();
    await waitFor(() => expect(messages()).toHaveLength(2));
    expect(screen.queryByText('earlier answer')).toBeNull();
    act(() => void answer('by the model', 2));
    await waitFor(() => expect(messages()).toHaveLength(3));
    const marked = screen.getByText('earlier answer').closest('article');
    expect(marked?.textContent).toContain('makeshift');
  });

  it('stops the answer that is being written by Escape, once, and says so', async () => {
    path = '/grading/c';
    server.addChat('c');
    server.say('c', 'hello', { userId: 'me' });
    open();
    const button = await screen.findByTestId('stop-answer');
    const delta = { chatId: 'c', jobId: 'j', replyTo: 2, attempt: 1, off: 0, text: '評分' };
    act(() => server.socket.receive('ai-delta', delta));
    await user.type(screen.getByTestId('composer'), 'and{Escape}{Escape}');
    await waitFor(() => expect(button).toHaveProperty('disabled', true));
    expect(server.count('POST /api/chat/c/answer/stop')).toBe(1);
    expect(server.requests.at(-1)?.body).toEqual({ replyTo: 2 });
    const meta = { source: 'large', degraded: false, outcome: 'answered', stopped: true };
    server.say('c', '評分', { role: 'AI', userId: undefined, replyTo: 2, meta });
    await screen.findByText('stopped');
    expect(screen.queryByTestId('stop-answer')).toBeNull();
    await user.keyboard('{Escape}');
    expect(server.count('POST /api/chat/c/answer/stop')).toBe(1);
  });

  it('shows what waits for its turn, and lets its author take it back', async () => {
    path = '/grading/c';
    server.addChat('c');
    for (const userId of ['me', 'me', 'other']) server.say('c', `by ${userId}`, { userId });
    open();
    await screen.findByText('Waits for its turn, 1 before it');
    screen.getByText('Waits for its turn, 2 before it');
    expect(screen.getAllByText('Take back')).toHaveLength(1);
    await user.click(screen.getByText('Take back'));
    expect(server.count('DELETE /api/chat/c/messages/c-3')).toBe(1);
    server.add('c', 'message-deleted', { id: 'c-3' });
    await waitFor(() => expect(screen.getAllByTestId('queued')).toHaveLength(1));
    screen.getByText('Waits for its turn, 1 before it');
    server.add('c', 'answer-failed', { replyTo: 2, reason: 'stopped' });
    await screen.findByText('The answer was stopped.');
    expect(screen.queryByTestId('queued')).toBeNull();
  });

  it('says of a message that it came from an earlier system', async () => {
    path = '/grading/c';
    server.addChat('c');
    server.say('c', 'long ago', { userId: 'me', meta: { source: 'import' } });
    open();
    await screen.findByText('from the earlier system');
  });

  it('shows a message that was refused, and gives its text back', async () => {
    path = '/grading/c';
    server.addChat('c');
    open();
    const composer = await screen.findByTestId('composer');
    server.planned.push({
      match: 'POST /api/chat/messages',
      status: 403,
      body: { code: 'forbidden' },
    });
    await user.type(composer, 'not for me{Enter}');
    await screen.findByText(/Your role does not allow this/);
    await user.click(screen.getByText('Edit'));
    await waitFor(() =>
      expect(screen.getByTestId('composer')).toHaveProperty('value', 'not for me'),
    );
    expect(screen.queryAllByTestId('message')).toHaveLength(0);
  });

  it('shows the rubric and saves an edited weight', async () => {
    path = '/grading/c';
    server.addChat('c').rubric = { version: 1, rubric: sampleRubric() };
    open();
    await screen.findByTestId('rubric-table');
    expect(screen.getAllByTestId('rubric-cell')).toHaveLength(4);
    const weight = screen.getByLabelText('Weight of a, percent');
    await user.clear(weight);
    await user.type(weight, '50{Enter}');
    screen.getByText('Weights 90 %');
    await advance(1000);
    expect(server.chat('c').rubric?.rubric.criteria[0]?.weight).toBe(50);
    expect(screen.getByTestId('rubric-version').dataset.version).toBe('2');
  });

  it('is quiet about a short absence and speaks after three seconds', async () => {
    open();
    const dot = await screen.findByTestId('connection');
    await waitFor(() => expect(dot.dataset.state).toBe('online'));
    server.down = true;
    act(() => server.socket.disconnect());
    await advance(2000);
    expect(screen.queryByText('Try now')).toBeNull();
    await advance(2000);
    screen.getByText('Try now');
    server.down = false;
    await advance(30_000);
    expect(screen.queryByText('Try now')).toBeNull();
  });

  it('asks for a sign-in over the page and keeps what is unsent', async () => {
    path = '/grading/c';
    server.addChat('c');
    open();
    const composer = await screen.findByTestId('composer');
    server.cookie = false;
    server.planned.push({ match: 'POST /api/chat/messages', status: 401 });
    await user.type(composer, 'do not lose me{Enter}');
    await screen.findByText('Please sign in again');
    expect(messages()).toMatchObject([{ state: 'pending' }]);
    await user.type(screen.getByTestId('login-password'), 'correct horse');
    await user.click(screen.getByTestId('login-submit'));
    await advance(2000);
    await waitFor(() => expect(messages()).toMatchObject([{ state: 'stored' }]));
  });

  it('leaves nothing on the device after signing out', async () => {
    open();
    await user.click(await screen.findByTestId('account'));
    expect(databases.size).toBe(1);
    await user.click(screen.getByTestId('sign-out'));
    await screen.findByTestId('login-email');
    expect(databases.size).toBe(0);
  });

  it('speaks Chinese when told to', async () => {
    open();
    await user.click(await screen.findByTestId('account'));
    await user.click(screen.getByText('中文'));
    await screen.findByText('新對話');
    expect(document.documentElement.lang).toBe('zh-TW');
    expect(server.count('PATCH /api/me')).toBe(1);
  });
});
