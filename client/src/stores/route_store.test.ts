import { expect, it } from 'vitest';
import { createRouteStore, paths, routeOf } from './route_store.ts';

it('knows its addresses, and those that mean nothing', () => {
  expect(routeOf('/')).toEqual({ page: 'home' });
  expect(routeOf('/login')).toEqual({ page: 'login' });
  expect(routeOf('/grading/')).toEqual({ page: 'home' });
  for (const path of ['/nonsense', '/login/x', '/grading/c/x']) {
    expect(routeOf(path)).toEqual({ page: 'missing' });
  }
  expect(routeOf('/grading/%E0%A4%A')).toEqual({ page: 'chat', chatId: '%E0%A4%A' });
  expect(routeOf(paths.chat('a/b'))).toEqual({ page: 'chat', chatId: 'a/b' });
});

it('going somewhere writes the address once, and going back is heard', () => {
  let path = '/';
  let pop = (): void => undefined;
  const gone: string[] = [];
  const store = createRouteStore({
    path: () => path,
    go: (next) => gone.push((path = next)),
    onPop: (listener) => (pop = listener),
  });
  store.getState().go('/login');
  store.getState().go('/login');
  expect(gone).toEqual(['/login']);
  path = '/grading/c';
  pop();
  expect(store.getState().route).toEqual({ page: 'chat', chatId: 'c' });
});
