import { Button } from '../ui/controls.tsx';
import { useText } from '../ui/i18n/use_text.tsx';
import { useFrom } from '../ui/stores.tsx';
import type { ConnectionStore } from '../stores/connection_store.ts';

type Shown = 'online' | 'connecting' | 'offline';

function shownOf({ state }: ConnectionStore): Shown {
  if (state.kind === 'online') return 'online';
  return state.kind === 'connecting' && state.attempt <= 1 ? 'connecting' : 'offline';
}

/** A dot that nobody needs to look at while all is well. */
export function ConnectionDot() {
  const { t } = useText();
  const shown = useFrom('connection', shownOf);
  const noticeable = useFrom('connection', (connection) => connection.noticeable);
  return (
    <span
      className={`connection connection-${shown}`}
      role="status"
      title={t(`connection.${shown}`)}
      data-testid="connection"
      data-state={shown}
    >
      <span className={noticeable ? 'connection-text' : 'hidden'}>{t(`connection.${shown}`)}</span>
    </span>
  );
}

/** Words about the connection only once it has been away for a while. */
export function ConnectionBanner() {
  const { t } = useText();
  const noticeable = useFrom('connection', (connection) => connection.noticeable);
  const retryNow = useFrom('connection', (connection) => connection.retryNow);
  const waiting = useFrom('connection', ({ state }) => state.kind === 'waiting');
  if (!noticeable) return null;
  return (
    <div className="banner">
      <span>{t(navigator.onLine ? 'connection.notice' : 'connection.noticeOffline')}</span>
      <Button size="small" disabled={!waiting} onClick={retryNow}>
        {t('connection.retry')}
      </Button>
    </div>
  );
}
