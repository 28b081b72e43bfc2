/** Our types fit those that `npm run contract` generates from `contract/openapi.yaml` before each test run. */
import { expectTypeOf, it } from 'vitest';
import type { ChatDetail, Member, Message } from './chat.ts';
import type { components } from '../../generated/openapi.ts';
import type { Rubric } from './rubric.ts';
import type { Grant, OpenSession, Problem, User } from './session.ts';

type Wire = components['schemas'];

it('promises everything that our parsers demand', () => {
  expectTypeOf<Wire['User']>().toExtend<User>();
  expectTypeOf<Wire['Session']>().toExtend<Grant>();
  expectTypeOf<Wire['SessionList']>().toExtend<{ sessions: OpenSession[] }>();
  expectTypeOf<Wire['Member']>().toExtend<Member>();
  expectTypeOf<Wire['Message']>().toExtend<Omit<Message, 'chatId'>>();
  expectTypeOf<Wire['Rubric']>().toExtend<Rubric>();
  expectTypeOf<Rubric>().toExtend<Omit<Wire['Rubric'], 'kind'>>();
  expectTypeOf<Wire['Chat']>().toExtend<Omit<ChatDetail, 'msgs'>>();
  expectTypeOf<Wire['Problem']>().toExtend<Pick<Problem, 'code' | 'traceId'>>();
});
