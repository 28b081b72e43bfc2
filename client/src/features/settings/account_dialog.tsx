import { useEffect, useState, type SubmitEvent } from 'react';
import type { OpenSession, User } from '../../protocol/session.ts';
import { Button, Field } from '../../ui/controls.tsx';
import { fullTime } from '../../ui/dates.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { useText } from '../../ui/i18n/use_text.tsx';
import { useFrom } from '../../ui/stores.tsx';
import './settings.css';

interface Props {
  user: User;
  onClose: () => void;
}

/** Another password, and the places where one is signed in. */
export function AccountDialog({ user, onClose }: Props) {
  const { t, errorOf } = useText();
  const sessions = useFrom('account', (account) => account.sessions);
  const error = useFrom('account', (account) => account.errorCode);
  const open = useFrom('account', (account) => account.open);
  useEffect(() => void open(), [open]);
  return (
    <Dialog title={t('account.title')} onClose={onClose}>
      <PasswordForm email={user.email} />
      <div role="alert">{error !== null && <p className="form-error">{errorOf(error)}</p>}</div>
      <section className="account-sessions">
        <h3 className="account-heading">{t('account.sessions')}</h3>
        {sessions === null && error === null && <p>{t('account.loading')}</p>}
        <ul className="sessions">
          {sessions?.map((session) => (
            <SessionLine key={session.id} session={session} />
          ))}
        </ul>
      </section>
    </Dialog>
  );
}

function SessionLine({ session }: { session: OpenSession }) {
  const { t, locale } = useText();
  const busy = useFrom('account', (account) => account.busy);
  const end = useFrom('account', (account) => account.end);
  const since = fullTime(session.createdAt, locale);
  return (
    <li className="setting" data-testid="session">
      <span>{t('account.since', since)}</span>
      {session.current ? (
        <span className="session-here">{t('account.here')}</span>
      ) : (
        <Button
          size="small"
          disabled={busy}
          aria-label={t('account.endOf', since)}
          onClick={() => void end(session.id)}
        >
          {t('account.end')}
        </Button>
      )}
    </li>
  );
}

function PasswordForm({ email }: { email: string }) {
  const { t } = useText();
  const busy = useFrom('account', (account) => account.busy);
  const change = useFrom('account', (account) => account.changePassword);
  const [present, setPresent] = useState('');
  const [next, setNext] = useState('');
  const [changed, setChanged] = useState(false);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setChanged(false);
    if (!(await change(present, next))) return;
    setChanged(true);
    setPresent('');
    setNext('');
  };
  return (
    <form className="account-password" onSubmit={(event) => void submit(event)}>
      <input type="email" autoComplete="username" value={email} readOnly hidden />
      <Field
        label={t('account.present')}
        type="password"
        autoComplete="current-password"
        required
        value={present}
        onChange={(event) => setPresent(event.target.value)}
        data-testid="present-password"
      />
      <Field
        label={t('account.next')}
        hint={t('account.nextHint')}
        type="password"
        autoComplete="new-password"
        minLength={8}
        required
        value={next}
        onChange={(event) => setNext(event.target.value)}
        data-testid="new-password"
      />
      <Button type="submit" look="primary" disabled={busy} data-testid="change-password">
        {t('account.change')}
      </Button>
      <p role="status">{changed && t('account.changed')}</p>
    </form>
  );
}
