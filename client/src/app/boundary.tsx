import { Component, type ReactNode } from 'react';
import { Button, Empty } from '../ui/controls.tsx';
import { useText } from '../ui/i18n/use_text.tsx';

interface State {
  error: Error | null;
}

/** What nobody expected ends here, once a route: one sentence and a way on. */
export class Boundary extends Component<{ children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: Error): State {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    return error === null ? this.props.children : <Sorry detail={error.message} />;
  }
}

function Sorry({ detail }: { detail: string }) {
  const { t } = useText();
  return (
    <main className="starting">
      <Empty title={t('app.error')}>
        <p>{detail}</p>
        <Button look="primary" onClick={() => location.reload()}>
          {t('app.reload')}
        </Button>
      </Empty>
    </main>
  );
}
