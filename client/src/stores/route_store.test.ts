import { expect, it } from 'vitest';
import { createRouteStore, paths, routeOf } from './route_store.ts';

it('an address that means nothing is the home page', () => {
  expect(routeOf('/')).toEqual({ page: 'home' });
  expect(routeOf('/nonsense/x')).toEqual({ page: 'home' });
  expect(routeOf('/grading/')).toEqual({ page: 'home' });
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
