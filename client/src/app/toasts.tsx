import { useText } from '../ui/i18n/use_text.tsx';
import { useFrom } from '../ui/stores.tsx';

/** Passing notes, and deletions that can be taken back. */
export function Toasts() {
  const { t } = useText();
  const toasts = useFrom('toasts', (store) => store.toasts);
  const deleting = useFrom('chatList', ({ view }) => view.deleting);
  const undoRemove = useFrom('chatList', (list) => list.undoRemove);
  return (
    <div className="toasts" role="status">
      {deleting.map((chat) => (
        <div key={chat.id} className="toast">
          <span className="toast-text">
            {t('list.deleted', chat.title === '' ? t('list.untitled') : chat.title)}
          </span>
          <button type="button" className="toast-action" onClick={() => undoRemove(chat.id)}>
            {t('common.undo')}
          </button>
        </div>
      ))}
      {toasts.map((toast) => (
        <div key={toast.id} className="toast">
          <span className="toast-text">{t(`toast.${toast.text}`)}</span>
        </div>
      ))}
    </div>
  );
}
