/** The types generated from `contract/openapi.yaml` are fresh, and ours fit them. */
import { readFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';
import { expect, expectTypeOf, it } from 'vitest';
import type { ChatDetail, Member, Message } from './chat.ts';
import type { components } from './openapi.ts';
import type { Rubric } from './rubric.ts';
import type { Grant, Problem, User } from './session.ts';

type Wire = components['schemas'];

it('is generated from the contract as it is now: npm run contract', async () => {
  const ast = await openapiTS(new URL('../../../contract/openapi.yaml', import.meta.url));
  const generated = readFileSync(new URL('./openapi.ts', import.meta.url), 'utf8');
  expect(generated.endsWith(astToString(ast))).toBe(true);
}, 30_000);

it('promises everything that our parsers demand', () => {
  expectTypeOf<Wire['User']>().toExtend<User>();
  expectTypeOf<Wire['Session']>().toExtend<Grant>();
  expectTypeOf<Wire['Member']>().toExtend<Member>();
  expectTypeOf<Wire['Message']>().toExtend<Omit<Message, 'chatId'>>();
  expectTypeOf<Wire['Rubric']>().toExtend<Rubric>();
  expectTypeOf<Rubric>().toExtend<Omit<Wire['Rubric'], 'kind'>>();
  expectTypeOf<Wire['Chat']>().toExtend<Omit<ChatDetail, 'msgs'>>();
  expectTypeOf<Wire['Problem']>().toExtend<Pick<Problem, 'code' | 'traceId'>>();
});
