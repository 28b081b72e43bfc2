import { Component, lazy, Suspense, type ReactNode } from 'react';

// Asked for at once, in a file of its own: the page shows without it, and most answers come after it.
const code = import('./markdown.tsx');
code.catch(() => undefined); // whoever needs it hears of it
const Markdown = lazy(async () => ({ default: (await code).Markdown }));

/** Markdown once its code is there; until then, and without network, the text as it is. */
export function AnswerText({ text }: { text: string }) {
  const plain = <div className="plain-text">{text}</div>;
  return (
    <Fallback plain={plain}>
      <Suspense fallback={plain}>
        <Markdown text={text} />
      </Suspense>
    </Fallback>
  );
}

class Fallback extends Component<{ plain: ReactNode; children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    return this.state.failed ? this.props.plain : this.props.children;
  }
}
