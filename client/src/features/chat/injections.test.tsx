// @vitest-environment happy-dom
// Whatever a model is led to write, nothing of it loads, runs, sends or leads anywhere.
import { cleanup, render } from '@testing-library/react';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { Markdown } from './markdown.tsx';

interface Injection {
  id: string;
  text: string;
  says: string;
}

const corpus = '../tests/security/injections.json'; // from where npm runs the tests
const injections = JSON.parse(readFileSync(corpus, 'utf8')) as Injection[];
const active = 'a, img, picture, video, audio, iframe, object, embed, form, input, script, style';

describe('an answer of a model that obeys an injection', () => {
  afterEach(cleanup);

  it.each(injections)('$id', ({ text, says }) => {
    for (const source of [says, text]) {
      const { container } = render(<Markdown text={source} />);
      expect(container.querySelector(`${active}, link, svg, meta, base`)).toBeNull();
      for (const element of container.querySelectorAll('*')) {
        const names = element.getAttributeNames();
        expect(names.filter((name) => !['class', 'scope', 'start'].includes(name))).toEqual([]);
      }
    }
  });
});
